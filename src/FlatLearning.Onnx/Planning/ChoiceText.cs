using System.Globalization;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Onnx.Planning;

/// <summary>
/// Why an option was chosen, in the terms that it was chosen by: what its neighbours on the curve would change.
/// </summary>
internal static class ChoiceText
{
    /// <summary>One clause.</summary>
    /// <param name="curve">The weight's curve.</param>
    /// <param name="chosen">The option chosen.</param>
    /// <param name="total">The error of the whole plan, which the weight's share is told of.</param>
    public static string Of(WeightCurve curve, int chosen, double total)
    {
        List<string> parts = [
            string.Create(
                CultureInfo.InvariantCulture, $"{100 * Share(curve.LossOf(chosen)):0.0}% of the model's error")];
        if (Cheaper(curve, chosen) is { } smaller)
        {
            parts.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{Name(smaller)} would add {100 * Share(curve.LossOf(smaller) - curve.LossOf(chosen)):0.0}% and "
                    + $"save {curve.BytesOf(chosen) - curve.BytesOf(smaller)} bytes"));
        }

        if (Dearer(curve, chosen) is { } larger)
        {
            parts.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{Name(larger)} would take away {100 * Share(curve.LossOf(chosen) - curve.LossOf(larger)):0.0}% "
                    + $"for {curve.BytesOf(larger) - curve.BytesOf(chosen)} more"));
        }

        return string.Join("; ", parts);

        double Share(double loss) => total > 0 ? loss / total : 0;

        string Name(int option) => curve.Options[option] is { } other ? Bits(other) : "the original";
    }

    /// <summary>The smaller option that adds least for every byte it saves.</summary>
    private static int? Cheaper(WeightCurve curve, int chosen) =>
        Enumerable.Range(0, curve.Options.Count)
            .Where(i => curve.BytesOf(i) < curve.BytesOf(chosen) && curve.LossOf(i) > curve.LossOf(chosen))
            .Select(i => (int?)i)
            .MinBy(i => (curve.LossOf(i!.Value) - curve.LossOf(chosen))
                / (curve.BytesOf(chosen) - curve.BytesOf(i.Value)));

    /// <summary>The larger option that takes away most for every byte it costs.</summary>
    private static int? Dearer(WeightCurve curve, int chosen) =>
        Enumerable.Range(0, curve.Options.Count)
            .Where(i => curve.BytesOf(i) > curve.BytesOf(chosen) && curve.LossOf(i) < curve.LossOf(chosen))
            .Select(i => (int?)i)
            .MaxBy(i => (curve.LossOf(chosen) - curve.LossOf(i!.Value))
                / (curve.BytesOf(i.Value) - curve.BytesOf(chosen)));

    private static string Bits(PlanOption option) =>
        string.Create(CultureInfo.InvariantCulture, $"{option.BitsPerWeight:0.00} bits");
}
