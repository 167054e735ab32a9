using FlatLearning.CustomOps.Api;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.CustomOps.Operators;

/// <summary>A dense tensor in memory that the host owns; valid as long as the host keeps it.</summary>
/// <param name="type">The element type.</param>
/// <param name="shape">The dimensions.</param>
/// <param name="data">The first byte; may be 0 for an empty tensor, and is for strings.</param>
internal readonly unsafe ref struct Tensor(TensorType type, Span<long> shape, nint data)
{
    /// <summary>The element type.</summary>
    public TensorType Type { get; } = type;

    /// <summary>The dimensions, in the caller's room.</summary>
    public Span<long> Shape { get; } = shape;

    /// <summary>The first byte.</summary>
    public nint Data => data;

    /// <summary>Reads a value without allocating managed memory.</summary>
    /// <param name="api">The host.</param>
    /// <param name="value">The value; the host passes on tensors alone.</param>
    /// <param name="room">For <see cref="OrtApi.MaxRank"/> dimensions; the shape lies there.</param>
    public static Tensor Read(OrtApi api, nint value, Span<long> room)
    {
        OrtFunctions* host = api.Functions;
        TensorType type;
        if (api.Version >= OrtApi.ShapeReferenceVersion)
        {
            long* dimensions;
            nuint count;
            api.Check(host->GetTensorElementTypeAndShapeDataReference(value, &type, &dimensions, &count));
            room = room[..OrtApi.RankOf(count)];
            new ReadOnlySpan<long>(dimensions, room.Length).CopyTo(room);
        }
        else
        {
            nint info;
            api.Check(host->GetTensorTypeAndShape(value, &info));
            try
            {
                room = api.Shape(info, room, out type);
            }
            finally
            {
                host->ReleaseTensorTypeAndShapeInfo(info);
            }
        }

        nint data = 0;
        api.Check(type == TensorType.String ? 0 : host->GetTensorMutableData(value, &data));
        return new Tensor(type, room, data);
    }
}
