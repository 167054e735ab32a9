using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.Dyn.Terms;

/// <summary>The mean field: metric(p_k, q_n) between the states of rows and columns.</summary>
/// <param name="Metric">The metric with its states.</param>
public sealed record MetricTerm(Metric Metric) : WeightTerm, ITermKind<MetricTerm>
{
    /// <summary>Attribute <c>metric</c>: one of the names in <see cref="MetricKinds"/>.</summary>
    public static readonly DynAttributeSpec KindAttribute = new(DynAttribute.String("metric", MetricKinds.None));

    /// <summary>Attribute <c>state_bits</c>: bits of a state code.</summary>
    public static readonly DynAttributeSpec StateBitsAttribute = new(DynAttribute.Int("state_bits", 0));

    /// <summary>Attribute <c>state_dim</c>: coordinates of a state, or of one head of it.</summary>
    public static readonly DynAttributeSpec StateDimAttribute = new(DynAttribute.Int("state_dim", 0));

    /// <summary>Attribute <c>heads</c>: heads of the dyn metrics, 1 for riem.</summary>
    public static readonly DynAttributeSpec HeadsAttribute = new(DynAttribute.Int("heads", 0));

    /// <summary>Attribute <c>shifts</c>: cyclic shifts of riem.</summary>
    public static readonly DynAttributeSpec ShiftsAttribute = new(DynAttribute.Int("shifts", 0));

    /// <summary>Attribute <c>width</c>: features per shift of riem.</summary>
    public static readonly DynAttributeSpec WidthAttribute = new(DynAttribute.Int("width", 0));

    static IReadOnlyList<DynAttributeSpec> ITermKind<MetricTerm>.Attributes =>
        [KindAttribute, StateBitsAttribute, StateDimAttribute, HeadsAttribute, ShiftsAttribute, WidthAttribute];

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

    static MetricTerm? ITermKind<MetricTerm>.Read(WeightNode node)
    {
        string kind = node.Text(KindAttribute);
        bool none = kind == MetricKinds.None;
        bool riem = kind == MetricKinds.Riem;
        if (!none && !MetricKinds.All.Contains(kind))
        {
            throw MetricKinds.Unknown(kind);
        }

        int bits = node.Int(StateBitsAttribute, none ? 0 : 1, none ? 0 : 8);
        int stateDim = node.Int(StateDimAttribute, none ? 0 : 1, none ? 0 : Metric.MaxStateDim);
        int maxHeads = riem ? 1 : Metric.MaxHeads;
        int heads = node.Int(HeadsAttribute, none ? 0 : 1, none ? 0 : maxHeads);
        int coordinates = (int)WeightNode.Range((long)stateDim * heads, 0, Metric.MaxCoordinates, "state_dim * heads");
        int shifts = node.Int(ShiftsAttribute, riem ? 1 : 0, riem ? stateDim : 0);
        int width = node.Int(WidthAttribute, riem ? 1 : 0, riem ? Metric.MaxWidth : 0);
        if (none)
        {
            node.RequireAbsent(
                "metric is none", WeightInput.RowStates, WeightInput.ColumnStates, WeightInput.StateRange,
                WeightInput.MetricParameters);
            return null;
        }

        MetricStates states = new(
            node.Packed(WeightInput.RowStates, coordinates, node.Rows, bits),
            node.Packed(WeightInput.ColumnStates, coordinates, node.Columns, bits),
            node.Parameters(WeightInput.StateRange));
        Metric metric = MetricKinds.Create(
            kind, states, node.Parameters(WeightInput.MetricParameters), heads, shifts, width);
        return metric.Heads == heads
            ? new MetricTerm(metric)
            : throw new DynFormatException($"attribute heads is {heads}, metric_parameters imply {metric.Heads}");
    }

    internal override void Write(WeightNodeWriter node)
    {
        node.Add(KindAttribute, Metric.Kind);
        node.Add(StateBitsAttribute, Metric.States.Bits);
        node.Add(StateDimAttribute, Metric.StateDim);
        node.Add(HeadsAttribute, Metric.Heads);
        node.Add(ShiftsAttribute, Metric.Shifts);
        node.Add(WidthAttribute, Metric.Width);
        node.Add(WeightInput.RowStates, Metric.States.Rows);
        node.Add(WeightInput.ColumnStates, Metric.States.Columns);
        node.Add(WeightInput.StateRange, Metric.States.Range);
        node.Add(WeightInput.MetricParameters, Metric.Parameters);
    }

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

    internal override void AddTo(DecoderTables tables) =>
        tables.Metric = MetricTable.Create(Metric, tables.GroupWidth);

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
