using System.Globalization;

namespace FlatLearning.Benchmarks;

/// <summary>One line of the table of <see cref="EqualErrorCommand"/>.</summary>
internal sealed record EqualErrorResult(
    string Name, long Weights, double OrtError, double OrtBits, double Error, double Bits, double Seconds)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Name} | {Weights} | {OrtError:0.00000} | {OrtBits:0.00} | {Error:0.00000} | {Bits:0.000} | "
            + $"{Seconds:0.0} |");
}
