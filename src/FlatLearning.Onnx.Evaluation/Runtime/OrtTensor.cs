using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Runtime;

/// <summary>
/// A dense tensor in managed memory, row-major. It needs no disposal, belongs to no session, and may be passed to any
/// number of runs at once as long as nobody writes to it meanwhile.
/// </summary>
internal sealed class OrtTensor
{
    // In the pinned heap, so that its address can be given to native code without further ado; never empty.
    private readonly byte[] _storage;
    private readonly long[] _shape;

    private OrtTensor(TensorElementType type, long[] shape, int bytes, byte[]? storage = null)
    {
        ElementType = type;
        _shape = shape;
        ByteCount = bytes;
        _storage = storage ?? GC.AllocateArray<byte>(Math.Max(bytes, 1), pinned: true);
    }

    /// <summary>The element type.</summary>
    public TensorElementType ElementType { get; }

    /// <summary>The dimensions; empty for a scalar.</summary>
    public ReadOnlySpan<long> Shape => _shape;

    /// <summary>The number of elements: the product of the dimensions.</summary>
    public long ElementCount => CountOf(_shape);

    /// <summary>The number of bytes.</summary>
    public int ByteCount { get; }

    /// <summary>Whether the elements are hashes of texts, which can be equal or not and have no distance.</summary>
    public bool IsText { get; private init; }

    /// <summary>
    /// What the tensor was made of where the model gave something else: keys of a map, shapes of a sequence. Empty for
    /// a tensor.
    /// </summary>
    public string Structure { get; private init; } = string.Empty;

    /// <summary>The raw bytes, little-endian.</summary>
    public Span<byte> Bytes => _storage.AsSpan(0, ByteCount);

    /// <summary>A tensor of zeros.</summary>
    /// <param name="type">Any type of fixed size.</param>
    /// <param name="shape">The dimensions, none negative.</param>
    /// <exception cref="NotSupportedException">The type has no fixed size (text), or the tensor exceeds 2
    /// GB.</exception>
    public static OrtTensor Allocate(TensorElementType type, params ReadOnlySpan<long> shape)
    {
        long bytes = type.BitsPerElement() is > 0 and int bits
            ? checked(bits / 8 * CountOf(shape))
            : throw new NotSupportedException($"Tensors of element type {type.OnnxName()} are not supported.");
        return bytes > Array.MaxLength
            ? throw new NotSupportedException(
                $"A tensor of {bytes} bytes is beyond the 2 GB that one tensor may have here; shape "
                    + $"[{string.Join(',', shape.ToArray())}].")
            : new OrtTensor(type, shape.ToArray(), (int)bytes);
    }

    /// <summary>A tensor with a copy of the given elements.</summary>
    /// <typeparam name="T">The element type's .NET counterpart; <see cref="Half"/> is float16.</typeparam>
    /// <param name="data">The elements, row-major.</param>
    /// <param name="shape">The dimensions; their product is the number of elements.</param>
    /// <exception cref="ArgumentException">The numbers of elements differ.</exception>
    public static OrtTensor Create<T>(ReadOnlySpan<T> data, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        return FromBytes(TensorElementTypeExtensions.Of<T>(), MemoryMarshal.AsBytes(data), shape);
    }

    /// <summary>A tensor with a copy of the given elements.</summary>
    /// <inheritdoc cref="Create{T}(ReadOnlySpan{T}, ReadOnlySpan{long})"/>
    public static OrtTensor Create<T>(T[] data, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        return Create((ReadOnlySpan<T>)data, shape);
    }

    /// <summary>
    /// A tensor with a copy of raw bytes: for types without a .NET counterpart (bfloat16).
    /// </summary>
    /// <exception cref="ArgumentException">The number of bytes is not what type and shape need.</exception>
    public static OrtTensor FromBytes(TensorElementType type, ReadOnlySpan<byte> bytes, params ReadOnlySpan<long> shape)
    {
        OrtTensor tensor = Allocate(type, shape);
        if (tensor.ByteCount != bytes.Length)
        {
            throw new ArgumentException(
                $"A {type.OnnxName()} tensor of shape [{string.Join(',', shape.ToArray())}] has {tensor.ByteCount} "
                    + $"bytes, but {bytes.Length} were given.",
                nameof(bytes));
        }

        bytes.CopyTo(tensor.Bytes);
        return tensor;
    }

    /// <summary>The elements in place.</summary>
    /// <exception cref="InvalidOperationException">The tensor has another element type.</exception>
    public Span<T> AsSpan<T>()
        where T : unmanaged
    {
        TensorElementType asked = TensorElementTypeExtensions.Of<T>();
        return asked == ElementType
            ? MemoryMarshal.Cast<byte, T>(Bytes)
            : throw new InvalidOperationException(
                $"The tensor holds {ElementType.OnnxName()}, not {asked.OnnxName()}.");
    }

    /// <summary>Element type and shape.</summary>
    public override string ToString() => $"{ElementType.OnnxName()}[{string.Join(',', _shape)}]";

    /// <summary>The same elements, with what they stand for.</summary>
    internal OrtTensor As(bool isText, string structure) =>
        new(ElementType, _shape, ByteCount, _storage) { IsText = isText, Structure = structure };

    internal static long CountOf(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long size in shape)
        {
            count = size >= 0
                ? checked(count * size)
                : throw new ArgumentException(
                    $"A tensor's shape must not be negative: [{string.Join(',', shape.ToArray())}].", nameof(shape));
        }

        return count;
    }

    /// <summary>The address of the first byte; valid while the tensor is reachable.</summary>
    internal nint Address => Marshal.UnsafeAddrOfPinnedArrayElement(_storage, 0);

    /// <summary>A native value over the same memory, for as long as the tensor is reachable.</summary>
    internal OrtValue Lend() =>
        OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, ElementType, _shape, Address, ByteCount);
}
