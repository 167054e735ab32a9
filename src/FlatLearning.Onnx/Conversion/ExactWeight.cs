using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Operators.Tensors;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// Weights of few different numbers, such as masks, grids of boxes and weights that were clustered before: codes with
/// these very numbers as their codebook lose nothing.
/// </summary>
internal static class ExactWeight
{
    /// <summary>The most different numbers of a weight: what codes of 4 bits hold.</summary>
    public const int MaxOfWeight = 16;

    /// <summary>The same of values that are added or multiplied, one by one: what codes of 8 bits hold.</summary>
    public const int MaxOfValues = 256;

    /// <summary>The different numbers in the order in which they come; null where there are too many.</summary>
    public static IReadOnlyDictionary<float, byte>? CodesOf(ReadOnlySpan<float> values, int max)
    {
        Dictionary<float, byte> codes = [];
        foreach (float value in values)
        {
            if (codes.Count == max && !codes.ContainsKey(value))
            {
                return null;
            }

            codes.TryAdd(value, (byte)codes.Count);
        }

        return codes;
    }

    /// <summary>What becomes of such a weight; null for all others.</summary>
    /// <param name="candidate">The weight.</param>
    /// <param name="matrix">Its K x N matrix, row-major.</param>
    public static WeightOutcome? Of(WeightCandidate candidate, float[] matrix)
    {
        if (candidate.Uses[0] is not TensorUse { IsExact: true } || CodesOf(matrix, MaxOfValues) is not { } codes)
        {
            return null;
        }

        int bits = codes.Count switch
        {
            <= 4 => 2,
            <= 8 => 3,
            <= 16 => 4,
            _ => 8,
        };
        float[] book = new float[1 << bits];
        foreach ((float value, byte code) in codes)
        {
            book[code] = value;
        }

        float[] ones = new float[candidate.Columns];
        Array.Fill(ones, 1);
        PackedCodes packed = PackedCodes.Pack(
            Array.ConvertAll(matrix, value => codes[value]), candidate.Rows, candidate.Columns, bits);
        DynWeight weight = new(
            candidate.Rows, candidate.Columns, null,
            new ParameterTensor(ones, [ones.Length], ParameterType.Log8),
            [new UniformCodes(packed, new Codebook(
                new ParameterTensor(book, [1, book.Length], ParameterType.Float32), bits, 1))]);
        return new WeightOutcome(new FitResult(weight, 0, 0, FitStatus.Converged, null));
    }
}
