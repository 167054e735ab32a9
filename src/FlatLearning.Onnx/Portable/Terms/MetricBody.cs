using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Portable.Metrics;

namespace FlatLearning.Onnx.Portable.Terms;

/// <summary>A metric.</summary>
/// <param name="Kind">One of the names in <see cref="MetricKinds"/>.</param>
/// <param name="StateBits">s: bits of a state code.</param>
/// <param name="StateDim">d: coordinates of a state, or of one head of it.</param>
/// <param name="Heads">H: heads of the dyn metrics.</param>
/// <param name="Shifts">R: cyclic shifts of riem.</param>
/// <param name="Width">M: features per shift of riem.</param>
/// <param name="HasPadding">Whether the last group of row or column states has unused columns.</param>
/// <param name="Expansion">How the riem metric is expanded; null for other metrics.</param>
internal sealed record MetricBody(
    string Kind, int StateBits, int StateDim, int Heads, int Shifts, int Width, bool HasPadding,
    RiemExpansion? Expansion) : TermBody
{
    /// <inheritdoc/>
    public override bool IsPadded => HasPadding;

    internal override WeightInput LastInput => WeightInput.MetricParameters;

    // More terms of an expansion than are needed do no harm.
    internal override TermBody Family =>
        Expansion is null ? this : this with { Expansion = Expansion with { Terms = 0 } };

    /// <summary>The body of a metric; null where there is none, with the reason.</summary>
    public static MetricBody? Of(Metric metric, out string? reason)
    {
        ArgumentNullException.ThrowIfNull(metric);
        RiemExpansion? expansion = metric is RiemMetric riem ? RiemExpansion.For(riem) : null;
        reason = metric is RiemMetric && expansion is null
            ? $"its riem metric is so steep that an expansion needs more than {RiemExpansion.MaxTerms} terms"
            : PortableLimits.ReasonAgainstMetric(metric, expansion);
        MetricStates states = metric.States;
        return reason is not null
            ? null
            : new MetricBody(
                metric.Kind, states.Bits, metric.StateDim, metric.Heads, metric.Shifts, metric.Width,
                IsCut(states.Rows.Layout) || IsCut(states.Columns.Layout), expansion);
    }

    internal override TermBody Covering(TermBody other) => ((MetricBody)other).Expansion is { } expansion
        ? this with { Expansion = Expansion! with { Terms = Math.Max(Expansion.Terms, expansion.Terms) } }
        : this;

    internal override string Decode(BodyContext context) => Kind switch
    {
        MetricKinds.Riem => new RiemBody(context.Ops, this, context.Bytes).Decode(),
        MetricKinds.DynL1 => new DynL1Body(context.Ops, this, context.Bytes).Decode(),
        _ => new DistanceBody(context.Ops, this, context.Bytes).Decode(),
    };

    private static bool IsCut(CodeLayout layout) => layout.Columns % layout.GroupWidth != 0;
}
