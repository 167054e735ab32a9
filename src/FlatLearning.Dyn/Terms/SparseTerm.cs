using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.Dyn.Terms;

/// <summary>Single elements, added behind the scales as they are.</summary>
/// <param name="Elements">Positions and values.</param>
public sealed record SparseTerm(SparseElements Elements) : WeightTerm, ITermKind<SparseTerm>
{
    static IReadOnlyList<DynAttributeSpec> ITermKind<SparseTerm>.Attributes => [];

    /// <inheritdoc/>
    public override long StoredBytes => Elements.ByteLength;

    /// <inheritdoc/>
    public override long StoredNumbers => 2L * Elements.Count;

    /// <inheritdoc/>
    public override bool IsScaled => false;

    /// <summary>For example <c>1206 sparse elements</c>.</summary>
    public override string Describe() => $"{Elements.Count} sparse elements";

    static SparseTerm? ITermKind<SparseTerm>.Read(WeightNode node)
    {
        if (node.OptionalParameters(WeightInput.SparseValues) is not { } values)
        {
            node.RequireAbsent("sparse_values is not", WeightInput.SparseGaps);
            return null;
        }

        ConstantTensor gaps = node.WholeNumbers(WeightInput.SparseGaps, TensorType.UInt8, TensorType.UInt16);
        if (gaps.Shape.Length != 1 || gaps.Shape[0] * gaps.ElementType.Bytes() != gaps.Bytes.Length)
        {
            throw new DynFormatException(
                $"input sparse_gaps has the shape [{string.Join(", ", gaps.Shape)}] and {gaps.Bytes.Length} bytes, "
                    + "expected rank 1");
        }

        return new SparseTerm(
            new SparseElements(node.Rows, node.Columns, gaps.Bytes, gaps.ElementType.Bytes(), values));
    }

    internal override void Write(WeightNodeWriter node)
    {
        TensorType type = Elements.GapBytes == 1 ? TensorType.UInt8 : TensorType.UInt16;
        node.Add(WeightInput.SparseGaps, new ConstantTensor(type, [Elements.Count], Elements.Gaps));
        node.Add(WeightInput.SparseValues, Elements.Values);
    }

    internal override void Check(DynWeight weight) => Require(
        Elements.Rows == weight.Rows && Elements.Columns == weight.Columns,
        $"sparse elements are for {Elements.Rows} x {Elements.Columns}, expected {weight.Rows} x {weight.Columns}");

    internal override WeightTerm Reordered(int[] rows, int[] columns) =>
        new SparseTerm(Elements.Reordered(rows, columns));

    internal override void AddTo(DecoderTables tables) => tables.Sparse = Elements;

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
