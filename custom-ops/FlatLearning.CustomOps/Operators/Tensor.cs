using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>A dense tensor in memory that the host owns; valid as long as the host keeps it.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Data">The first byte; may be 0 for an empty tensor.</param>
internal readonly unsafe record struct Tensor(TensorElementType Type, nint Data)
{
    /// <summary>More dimensions than any tensor has here.</summary>
    public const int MaxRank = 64;

    /// <summary>Reads a value without allocating managed memory.</summary>
    /// <param name="api">The host.</param>
    /// <param name="value">The value.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="shape">Room for <see cref="MaxRank"/> dimensions; receives them.</param>
    /// <param name="rank">How many there are.</param>
    /// <exception cref="OperatorException">The value is not a dense tensor, or has more dimensions.</exception>
    public static Tensor Read(OrtApi api, nint value, string name, Span<long> shape, out int rank)
    {
        OrtFunctions* host = api.Functions;
        TensorElementType type;
        long* dimensions;
        nuint count;
        if (api.Version >= OrtApi.ShapeReferenceVersion
            && api.Succeeds(host->GetTensorElementTypeAndShapeDataReference(value, &type, &dimensions, &count)))
        {
            rank = RankOf(name, count);
            new ReadOnlySpan<long>(dimensions, rank).CopyTo(shape);
        }
        else
        {
            rank = Describe(api, value, name, shape, out type);
        }

        nint data = 0;
        if (type != TensorElementType.String)
        {
            api.Check(host->GetTensorMutableData(value, &data));
        }

        return new Tensor(type, data);
    }

    private static int Describe(OrtApi api, nint value, string name, Span<long> shape, out TensorElementType type)
    {
        OrtFunctions* host = api.Functions;
        int isTensor;
        api.Check(host->IsTensor(value, &isTensor));
        if (isTensor == 0)
        {
            throw new OperatorException($"input {name} is not a dense tensor");
        }

        nint info;
        api.Check(host->GetTensorTypeAndShape(value, &info));
        try
        {
            nuint count;
            fixed (TensorElementType* to = &type)
            {
                api.Check(host->GetTensorElementType(info, to));
            }

            api.Check(host->GetDimensionsCount(info, &count));
            int rank = RankOf(name, count);
            fixed (long* to = shape)
            {
                api.Check(host->GetDimensions(info, to, count));
            }

            return rank;
        }
        finally
        {
            host->ReleaseTensorTypeAndShapeInfo(info);
        }
    }

    private static int RankOf(string name, nuint count) => count <= MaxRank
        ? (int)count
        : throw new OperatorException($"input {name} has {count} dimensions, expected at most {MaxRank}");
}
