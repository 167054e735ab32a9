using System.Globalization;
using System.Numerics.Tensors;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Operators.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// Weights whose numbers no representation can hold; they stay, and the rest of the model is converted.
/// </summary>
internal static class UnfitWeight
{
    /// <summary>
    /// The least magnitude of a weight's largest number: the steps between its values are some 2^-10 of it, and scales
    /// and products of them must stay clear of float32's denormal numbers, which lose digits and which some hosts take
    /// for zero.
    /// </summary>
    private const float MinMagnitude = 7.8886091e-31f; // 2^-100

    /// <summary>
    /// The same for float16, in which the restored weights stand: below it has steps of 2^-24, which are larger than
    /// those of codes.
    /// </summary>
    private const float MinHalfMagnitude = 6.1035156e-5f; // 2^-14

    /// <summary>What becomes of such a weight; null where its numbers are as they should be.</summary>
    /// <param name="candidate">The weight.</param>
    /// <param name="matrix">Its K x N matrix, row-major.</param>
    public static WeightOutcome? Of(WeightCandidate candidate, float[] matrix)
    {
        bool isWeight = candidate.Uses[0] is not TensorUse { IsValues: true };
        if (WeightFitter.NotFinite(matrix, candidate.Columns) is { } reason)
        {
            return new WeightOutcome(null) { Stays = reason, IsFaulty = isWeight };
        }

        float largest = Largest(matrix);
        bool isHalf = candidate.ElementType == DataType.Float16;
        string? limit = IsTooSmall(largest) ? "float32 scales"
            : isHalf && largest is > 0 and < MinHalfMagnitude ? "float16 numbers of full precision"
            : null;
        return limit is null
            ? null
            : new WeightOutcome(null)
            {
                Stays = string.Create(
                    CultureInfo.InvariantCulture,
                    $"its numbers are at most {largest:0.#e+0} in magnitude, too small for {limit}"),
            };
    }

    /// <summary>Whether numbers are not finite or too small.</summary>
    public static bool IsUnfit(float[] values)
    {
        float largest = Largest(values);
        return !float.IsFinite(largest) || IsTooSmall(largest);
    }

    private static float Largest(float[] values) =>
        values.Length == 0 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude<float>(values));

    private static bool IsTooSmall(float largest) => largest is > 0 and < MinMagnitude;
}
