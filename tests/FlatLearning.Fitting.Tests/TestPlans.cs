using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Tests;

/// <summary>Plans by the name of what they fit, for tests that go through several.</summary>
internal static class TestPlans
{
    /// <summary>Codes of one width, beside the names of metrics.</summary>
    public const string Codes = "codes";

    /// <summary>A metric of given sizes; those that it does not have are left out.</summary>
    public static MetricPlan Metric(
        string kind, int stateDim = 0, double seconds = 20, int stateBits = 8, int heads = 2, int shifts = 6,
        int width = 14)
    {
        MetricPlan plan = MetricPlans.Of(kind) switch
        {
            RiemPlan riem => riem with { Shifts = shifts, Width = width },
            DynPlan dyn => dyn with { Heads = heads },
            MetricPlan other => other,
        };
        return plan with { StateDim = stateDim, Seconds = seconds, StateBits = stateBits };
    }

    /// <summary>Codes of so many bits, or a metric alone.</summary>
    public static WeightPlan Of(string method, int bits, int stateDim = 0, double seconds = 20) => method == Codes
        ? new UniformCodesPlan { Bits = bits }
        : Metric(method, stateDim, seconds);
}
