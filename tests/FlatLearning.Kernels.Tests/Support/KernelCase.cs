using FlatLearning.Kernels;

namespace FlatLearning.Kernels.Tests.Support;

/// <summary>One product of a test.</summary>
/// <param name="Weight">What the weight looks like.</param>
/// <param name="Rows">Rows of x.</param>
/// <param name="Type">The element type of x and y.</param>
internal sealed record KernelCase(WeightCase Weight, int Rows, ElementType Type)
{
    /// <summary>For messages.</summary>
    public override string ToString() =>
        $"{Rows} rows of {Type}, {Weight.Rows} x {Weight.Columns}, groups of {Weight.GroupWidth}, bits {Weight.Bits} "
            + $"[{string.Join(',', Weight.Bands)}], taps {Weight.Taps}, window {Weight.IsWindow}, {Weight.Metric}, "
            + $"sparse {Weight.Sparse}, seed {Weight.Seed}";
}
