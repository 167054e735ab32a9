using System.Globalization;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Onnx.Planning;

/// <summary>Why an option was chosen, in the terms that it was chosen by: what its neighbours on the curve would change.</summary>
internal static class ChoiceText
{
    /// <summary>One clause.</summary>
    /// <param name="curve">The weight's curve.</param>
    /// <param name="chosen">The option chosen.</param>
    /// <param name="total">The error of the whole plan, which the weight's share is told of.</param>
    public static string Of(WeightCurve curve, int chosen, double total)
    {
        List<string> parts = [string.Create(CultureInfo.InvariantCulture, $"{100 * Share(curve.LossOf(chosen)):0.0}% of the model's error")];
        if (chosen > 0)
        {
            parts.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{Name(chosen - 1)} would add {100 * Share(curve.LossOf(chosen - 1) - curve.LossOf(chosen)):0.0}% and save {curve.BytesOf(chosen) - curve.BytesOf(chosen - 1)} bytes"));
        }

        if (chosen + 1 < curve.Options.Count)
        {
            parts.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{Name(chosen + 1)} would take away {100 * Share(curve.LossOf(chosen) - curve.LossOf(chosen + 1)):0.0}% for {curve.BytesOf(chosen + 1) - curve.BytesOf(chosen)} more"));
        }

        return string.Join("; ", parts);

        double Share(double loss) => total > 0 ? loss / total : 0;

        string Name(int option) => curve.Options[option] is { } other ? Bits(other) : "the original";
    }

    private static string Bits(PlanOption option) => string.Create(CultureInfo.InvariantCulture, $"{option.BitsPerWeight:0.00} bits");
}
