using FlatLearning.Numerics;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Operators.Tensors;

/// <summary>
/// How a tensor of any rank is seen as a matrix: some axes together count the rows, the others the columns, each in
/// their order in <see cref="Order"/>.
/// </summary>
internal sealed record TensorView : MatrixView
{
    /// <summary>Another view than the natural one must save this share of its bits.</summary>
    private const double MinGain = 0.05;

    /// <summary>The fewest and most columns where axes alone make a matrix too narrow or too wide.</summary>
    internal const int MinColumns = 32;
    private const int MaxColumns = 256;

    private TensorView(int[] order, int rowAxes, long columns = 0) =>
        (Order, RowAxes, Columns) = (order, rowAxes, columns);

    /// <summary>The tensor's axes, those of the rows first.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>How many of them are of the rows.</summary>
    public int RowAxes { get; }

    /// <summary>N where so many elements of a plain tensor make a row; 0 where the axes say it.</summary>
    public long Columns { get; }

    /// <summary>Whether the tensor's elements lie in the order of the matrix.</summary>
    public bool IsPlain => Order.SequenceEqual(Enumerable.Range(0, Order.Count));

    /// <summary>Whether they lie in the order of the transposed matrix.</summary>
    public bool IsTransposed =>
        !IsPlain && Order.Skip(RowAxes).Concat(Order.Take(RowAxes)).SequenceEqual(Enumerable.Range(0, Order.Count));

    /// <summary>
    /// The view with the given axes as rows. Since columns are padded and have scales of their own, the other way
    /// round, or rows of so many elements as they lie, where that takes fewer bits.
    /// </summary>
    /// <param name="dims">The tensor's shape.</param>
    /// <param name="rowAxes">Axes of the rows, rising; neither none nor all.</param>
    public static TensorView Of(long[] dims, IReadOnlyCollection<int> rowAxes)
    {
        TensorView natural = Exactly(dims, rowAxes);
        double limit = (1 - MinGain) * natural.BitsOf(dims);
        TensorView[] others = [natural.Turned(), .. Cut(dims)];
        return others.Where(view => view.BitsOf(dims) < limit).MinBy(view => view.BitsOf(dims)) ?? natural;
    }

    /// <summary>The view with the given axes as rows, whatever it takes.</summary>
    public static TensorView Exactly(long[] dims, IReadOnlyCollection<int> rowAxes) =>
        new([.. rowAxes, .. Enumerable.Range(0, dims.Length).Except(rowAxes)], rowAxes.Count);

    /// <summary>The same axes with rows as columns.</summary>
    public TensorView Turned() => new([.. Order.Skip(RowAxes), .. Order.Take(RowAxes)], Order.Count - RowAxes);

    /// <inheritdoc/>
    public override (long Rows, long Columns) ShapeOf(ReadOnlySpan<long> dims)
    {
        (long rows, long columns) = (1, 1);
        for (int i = 0; i < Order.Count; i++)
        {
            (rows, columns) = i < RowAxes ? (rows * dims[Order[i]], columns) : (rows, columns * dims[Order[i]]);
        }

        return Columns > 0 ? (rows * columns / Columns, Columns) : (rows, columns);
    }

    /// <summary>The shape of the tensor with its axes in the order of the matrix.</summary>
    public long[] Ordered(IReadOnlyList<long> dims) => [.. Order.Select(axis => dims[axis])];

    /// <summary>The order in which these axes are taken to come back to the tensor.</summary>
    public long[] Back()
    {
        long[] back = new long[Order.Count];
        for (int i = 0; i < back.Length; i++)
        {
            back[Order[i]] = i;
        }

        return back;
    }

    /// <summary>
    /// The tensor's element for each of the matrix, row-major; null where they lie in the same order.
    /// </summary>
    public int[]? Places(long[] dims) => IsPlain
        ? null
        : TransposeFold.Permute(
            [.. Enumerable.Range(0, (int)dims.Aggregate(1L, (product, dim) => product * dim))], dims,
            [.. Order.Select(axis => (long)axis)]);

    /// <inheritdoc/>
    public override float[] Read(DenseTensor tensor)
    {
        float[] elements = tensor.ToSingles();
        if (IsPlain)
        {
            return elements;
        }

        (long rows, long columns) = ShapeOf(tensor.Dims);
        return IsTransposed
            ? MatrixTranspose.Of(elements, (int)columns, (int)rows)
            : TransposeFold.Permute(elements, tensor.Dims, [.. Order.Select(axis => (long)axis)]);
    }

    /// <inheritdoc/>
    public bool Equals(TensorView? other) =>
        other is not null && (RowAxes, Columns) == (other.RowAxes, other.Columns) && Order.SequenceEqual(other.Order);

    /// <inheritdoc/>
    public override int GetHashCode() => Order.Aggregate(RowAxes, HashCode.Combine);

    /// <summary>Rows of some number of elements of a tensor as they lie, whole ends of its shape each.</summary>
    private static IEnumerable<TensorView> Cut(long[] dims)
    {
        int[] order = [.. Enumerable.Range(0, dims.Length)];
        long end = dims[^1];
        for (int axis = dims.Length - 2; axis >= 0 && end < MaxColumns; axis--)
        {
            for (long count = 1; count <= dims[axis] && count * end <= MaxColumns; count++)
            {
                if (dims[axis] % count == 0 && count * end >= MinColumns)
                {
                    yield return new TensorView(order, dims.Length - 1, count * end);
                }
            }

            end *= dims[axis];
        }
    }
}
