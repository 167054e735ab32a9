using System.Text.RegularExpressions;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Sensitivity;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// Values for one input: floats standard normal, bools even chances, whole numbers from the input's domain. An input
/// with the word "mask" in its name is all ones: nothing masked out.
/// </summary>
internal sealed partial class SyntheticValues
{
    private readonly ValueDescription _input;
    private readonly InputDomain _domain;
    private readonly bool _isMask;

    /// <exception cref="UsageException">Values of the input's type cannot be made up.</exception>
    public SyntheticValues(ValueDescription input, InputDomains domains)
    {
        _input = input;
        _isMask = MaskWord().IsMatch(input.Name);
        if (!input.IsTensor)
        {
            throw new UsageException(Messages.InputNotTensor(input.Name));
        }

        bool isInteger = IsInteger(input.ElementType);
        if (!isInteger && !TensorNumbers.IsFloat(input.ElementType) && input.ElementType != TensorElementType.Bool)
        {
            throw new UsageException(Messages.InputType(input.Name, input.ElementType.OnnxName()));
        }

        _domain = isInteger && !_isMask ? domains.Of(input.Name) : InputDomain.Binary;
        Description = _isMask ? "ones"
            : isInteger ? $"whole numbers, {_domain}"
            : input.ElementType == TensorElementType.Bool ? "even chances"
            : "standard normal";
    }

    /// <summary>What the values are, in words.</summary>
    public string Description { get; }

    /// <summary>A tensor of the given shape.</summary>
    public OrtTensor Draw(SampleGenerator random, long[] shape)
    {
        OrtTensor tensor = OrtTensor.Allocate(_input.ElementType, shape);
        switch (_input.ElementType)
        {
            case TensorElementType.Float:
                Fill(tensor.AsSpan<float>(), () => (float)Real(random));
                break;
            case TensorElementType.Double:
                Fill(tensor.AsSpan<double>(), () => Real(random));
                break;
            case TensorElementType.Float16:
                Fill(tensor.AsSpan<Half>(), () => (Half)Real(random));
                break;
            case TensorElementType.BFloat16:
                Fill(
                    System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(tensor.Bytes),
                    () => (ushort)(BitConverter.SingleToUInt32Bits((float)Real(random)) >> 16));
                break;
            default:
                FillIntegers(tensor, random);
                break;
        }

        return tensor;
    }

    private static bool IsInteger(TensorElementType type) =>
        type is TensorElementType.Int8 or TensorElementType.UInt8 or TensorElementType.Int16
        or TensorElementType.UInt16 or TensorElementType.Int32 or TensorElementType.UInt32 or TensorElementType.Int64
            or TensorElementType.UInt64;

    // Whole words only: "attention_mask", "mask", "srcMask", but not "masked_lm" or "damask".
    [GeneratedRegex("(?:^|[^A-Za-z])[Mm][Aa][Ss][Kk](?![a-z])|[a-z]Mask(?![a-z])")]
    private static partial Regex MaskWord();

    private static void Fill<T>(Span<T> elements, Func<T> next)
    {
        foreach (ref T element in elements)
        {
            element = next();
        }
    }

    private double Real(SampleGenerator random) => _isMask ? 1 : random.Normal();

    // Little-endian, so the low bytes of an int64 are the same number in any narrower type that holds it.
    private void FillIntegers(OrtTensor tensor, SampleGenerator random)
    {
        int width = _input.ElementType.BitsPerElement() / 8;
        long largest = width == 8 ? long.MaxValue : (1L << ((width * 8) - 1)) - 1;
        for (int i = 0; i < tensor.ByteCount; i += width)
        {
            long value = _isMask ? 1 : Math.Min(_domain.Draw(random), largest);
            BitConverter.GetBytes(value).AsSpan(0, width).CopyTo(tensor.Bytes[i..]);
        }
    }
}
