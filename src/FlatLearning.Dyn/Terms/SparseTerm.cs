using FlatLearning.Dyn.Layout;

namespace FlatLearning.Dyn.Terms;

/// <summary>Single elements, added behind the scales as they are.</summary>
/// <param name="Elements">Positions and values.</param>
public sealed record SparseTerm(SparseElements Elements) : WeightTerm
{
    /// <inheritdoc/>
    public override long StoredBytes => Elements.ByteLength;

    /// <inheritdoc/>
    public override long StoredNumbers => 2L * Elements.Count;

    /// <inheritdoc/>
    public override bool IsScaled => false;

    /// <summary>For example <c>1206 sparse elements</c>.</summary>
    public override string Describe() => $"{Elements.Count} sparse elements";

    internal override void Check(DynWeight weight) => Require(
        Elements.Rows == weight.Rows && Elements.Columns == weight.Columns,
        $"sparse elements are for {Elements.Rows} x {Elements.Columns}, expected {weight.Rows} x {weight.Columns}");

    internal override WeightTerm Reordered(int[] rows, int[] columns) =>
        new SparseTerm(Elements.Reordered(rows, columns));

    internal override double[] Reference(DynWeight weight)
    {
        double[] values = new double[checked(weight.Rows * weight.Columns)];
        for (int n = 0; n < weight.Columns; n++)
        {
            Elements.Column(n, out ReadOnlySpan<int> rows, out ReadOnlySpan<float> stored);
            for (int i = 0; i < rows.Length; i++)
            {
                values[(rows[i] * weight.Columns) + n] = stored[i];
            }
        }

        return values;
    }
}
