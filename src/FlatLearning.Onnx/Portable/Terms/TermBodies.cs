using FlatLearning.Dyn.Terms;

namespace FlatLearning.Onnx.Portable.Terms;

/// <summary>The bodies of all kinds of terms: the one list to extend.</summary>
internal static class TermBodies
{
    /// <summary>Why a term has no body in a version of the standard operators; null where it may have one.</summary>
    public static string? ReasonAgainst(WeightTerm term, int opset) => term switch
    {
        EntropyCodes => "its codes are entropy coded",
        MixedCodes when opset < MixedCodesBody.OldestOpset =>
            $"its codes have several widths, which takes operator set {MixedCodesBody.OldestOpset} and the model has "
                + $"{opset}",
        SparseTerm when opset < SparseBody.OldestOpset =>
            $"it has sparse elements, which take operator set {SparseBody.OldestOpset} and the model has {opset}",
        _ => null,
    };

    /// <summary>The body of a term, or null.</summary>
    /// <param name="term">The term.</param>
    /// <param name="reason">Why there is none, else null.</param>
    public static TermBody? Of(WeightTerm term, out string? reason)
    {
        reason = null;
        return term switch
        {
            UniformCodes uniform => UniformCodesBody.Of(uniform.Codes.Layout, uniform.Codebook),
            MixedCodes mixed => MixedCodesBody.Of(mixed.Bands),
            MetricTerm metric => MetricBody.Of(metric.Metric, out reason),
            SparseTerm => new SparseBody(),
            _ => throw new NotSupportedException($"A {term.GetType().Name} has no body."),
        };
    }
}
