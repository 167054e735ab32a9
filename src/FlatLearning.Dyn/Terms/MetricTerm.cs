using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Dyn.Terms;

/// <summary>The mean field: metric(p_k, q_n) between the states of rows and columns.</summary>
/// <param name="Metric">The metric with its states.</param>
public sealed record MetricTerm(Metric Metric) : WeightTerm
{
    /// <summary>The terms of a weight whose codes stand behind a metric or none.</summary>
    public static WeightTerm[] Before(Metric? metric, WeightTerm codes) =>
        metric is null ? [codes] : [new MetricTerm(metric), codes];

    /// <inheritdoc/>
    public override long StoredBytes => Metric.ByteLength;

    /// <inheritdoc/>
    public override long StoredNumbers
    {
        get
        {
            MetricStates states = Metric.States;
            long items = (long)states.Rows.Layout.Columns + states.Columns.Layout.Columns;
            return (states.Coordinates * items) + states.Range.Values.Length + Metric.Parameters.Values.Length;
        }
    }

    /// <summary>For example <c>riem d=52 R=6 M=14, 8-bit states</c>.</summary>
    public override string Describe() => $"{Metric.Describe()}, {Metric.States.Bits}-bit states";

    internal override void Check(DynWeight weight)
    {
        (CodeLayout rows, CodeLayout columns) = (Metric.States.Rows.Layout, Metric.States.Columns.Layout);
        Require(
            rows.Columns == weight.Rows && columns.Columns == weight.Columns,
            $"states are there for {rows.Columns} rows and {columns.Columns} columns, expected {weight.Rows} and "
                + $"{weight.Columns}");
    }

    internal override WeightTerm Reordered(int[] rows, int[] columns) =>
        new MetricTerm(Metric.With(Metric.States.Reordered(rows, columns)));

    internal override double[] Reference(DynWeight weight)
    {
        double[] p = Metric.States.DecodeRows();
        double[] q = Metric.States.DecodeColumns();
        int d = Metric.States.Coordinates;
        double[] values = new double[checked(weight.Rows * weight.Columns)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] =
                Metric.Evaluate(p.AsSpan(i / weight.Columns * d, d), q.AsSpan(i % weight.Columns * d, d));
        }

        return values;
    }
}
