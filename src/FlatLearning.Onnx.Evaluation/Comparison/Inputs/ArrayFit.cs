using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Numpy;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>How an array relates to the input that it is for.</summary>
/// <param name="Input">The input.</param>
/// <param name="Array">Its array.</param>
/// <param name="Kind">How runs are cut from it.</param>
/// <param name="Rows">Entries along the dimension that is cut; 1 for a whole.</param>
/// <param name="PerRun">Entries that each run takes; 0 where any number will do.</param>
internal sealed record ArrayFit(ValueDescription Input, NpyArray Array, ArrayCut Kind, long Rows, long PerRun)
{
    /// <summary>Relates an array to an input.</summary>
    /// <param name="source">The source, for error texts.</param>
    /// <param name="input">The input.</param>
    /// <param name="array">Its array.</param>
    /// <exception cref="UsageException">The shapes do not fit.</exception>
    public static ArrayFit Of(string source, ValueDescription input, NpyArray array)
    {
        long[] found = array.Dims;
        IReadOnlyList<OrtDimension> declared = input.Shape;
        if (declared.Count == 0 && found.Length == 0)
        {
            return new ArrayFit(input, array, ArrayCut.Whole, 1, 1);
        }

        if (found.Length == declared.Count && Matches(found[1..], declared.Skip(1)))
        {
            return declared[0] switch
            {
                { IsFree: true } => new ArrayFit(input, array, ArrayCut.Rows, found[0], 0),
                { Value: long size } when size == found[0] => new ArrayFit(input, array, ArrayCut.Whole, size, size),
                { Value: long size } when size > 0 && found[0] % size == 0 =>
                    new ArrayFit(input, array, ArrayCut.Rows, found[0], size),
                { Value: long size } =>
                    throw new UsageException(Messages.InputsBatch(source, input.Name, found[0], size)),
            };
        }

        if (found.Length == declared.Count + 1 && Matches(found[1..], declared))
        {
            return new ArrayFit(input, array, ArrayCut.Stack, found[0], 1);
        }

        // One sample without its batch dimension of one.
        if (found.Length == declared.Count - 1
            && (declared[0].IsFree || declared[0].Value == 1)
            && Matches(found, declared.Skip(1)))
        {
            return new ArrayFit(input, new NpyArray(array.Type, [1, .. found], array.Data), ArrayCut.Whole, 1, 1);
        }

        throw new UsageException(
            Messages.InputsShape(source, input.Name, input.ToString(), $"[{string.Join(',', found)}]"));
    }

    /// <summary>The input's tensor for a run.</summary>
    /// <param name="source">The source, for error texts.</param>
    /// <param name="start">The run's first row.</param>
    /// <param name="count">Its rows.</param>
    /// <exception cref="UsageException">The element type does not fit.</exception>
    public OrtTensor Cut(string source, long start, long count)
    {
        NpyArray rows = Kind switch
        {
            ArrayCut.Whole => Array,
            ArrayCut.Stack => ArrayConversion.Rows(Array, start, Array.Dims[1..]),
            _ => ArrayConversion.Rows(Array, start, [count, .. Array.Dims[1..]]),
        };
        return ArrayConversion.To(rows, Input.ElementType) ?? throw new UsageException(
            Messages.InputsType(
                source, Input.Name, Input.ElementType.OnnxName(), ((TensorElementType)Array.Type).OnnxName()));
    }

    private static bool Matches(ReadOnlySpan<long> found, IEnumerable<OrtDimension> declared)
    {
        int i = 0;
        foreach (OrtDimension dimension in declared)
        {
            if (i >= found.Length || (!dimension.IsFree && dimension.Value != found[i]))
            {
                return false;
            }

            i++;
        }

        return i == found.Length;
    }
}
