using FlatLearning.Dyn.Entropy;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.Dyn;

/// <summary>
/// A weight matrix W [K, N] in the DyN representation:
/// W[k,n] = row_scale[k] · column_scale[n] · (metric(p_k, q_n) + code[k,n]) + sparse[k,n]. Codes have one width
/// throughout or are banded. Immutable; checked on creation.
/// </summary>
public sealed class DynWeight
{
    /// <summary>The largest K·N.</summary>
    public const long MaxElements = 1L << 40;

    /// <summary>Creates a weight. Throws <see cref="DynFormatException"/> when the parts do not fit together.</summary>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="metric">The metric, or null.</param>
    /// <param name="codes">The packed K x N codes, or null.</param>
    /// <param name="codebook">The codebook; present exactly when codes are.</param>
    /// <param name="rowScale">[K], or null for ones.</param>
    /// <param name="columnScale">[N], or null for ones; required with codes.</param>
    /// <param name="bands">Codes of several widths instead of codes and codebook, or null.</param>
    /// <param name="sparse">Single elements to add, or null.</param>
    public DynWeight(
        int rows,
        int columns,
        Metric? metric,
        PackedCodes? codes,
        Codebook? codebook,
        ParameterTensor? rowScale,
        ParameterTensor? columnScale,
        BandedCodes? bands = null,
        SparseElements? sparse = null)
    {
        Require(
            rows > 0 && columns > 0 && (long)rows * columns < MaxElements,
            $"shape is [{rows}, {columns}], expected positive numbers with a product below 2^40");
        Require(
            metric is not null || codes is not null || bands is not null || sparse is not null,
            "a weight needs codes, a metric or sparse elements, found none");
        Require(
            sparse is null || (sparse.Rows == rows && sparse.Columns == columns),
            $"sparse elements are for {sparse?.Rows} x {sparse?.Columns}, expected {rows} x {columns}");
        Require(codes is null || bands is null, "a weight has codes of one width or in bands, found both");
        Require((codes is null) == (codebook is null), "codes and codebook must both be there or both be absent");
        if (codes is not null)
        {
            Require(
                codes.Layout.Rows == rows && codes.Layout.Columns == columns,
                $"codes are {codes.Layout.Rows} x {codes.Layout.Columns}, expected {rows} x {columns}");
            Require(
                codes.Layout.Bits == codebook!.Bits,
                $"codes have {codes.Layout.Bits} bits, the codebook {codebook.Bits}");
        }

        Require(columnScale is not null || (codes is null && bands is null), "column_scale is required with codes");

        // Rows without codes leave no other bytes in a file that would vouch for their number.
        Require(rowScale is not null || bands is null, "row_scale is required with bands of codes");
        Require(
            bands is null || (bands.Rows == rows && bands.Columns == columns),
            $"bands are for {bands?.Rows} x {bands?.Columns}, expected {rows} x {columns}");

        if (metric is not null)
        {
            Require(
                metric.States.Rows.Layout.Columns == rows && metric.States.Columns.Layout.Columns == columns,
                $"states are there for {metric.States.Rows.Layout.Columns} rows and "
                    + $"{metric.States.Columns.Layout.Columns} columns, expected {rows} and {columns}");
        }

        RequireVector(rowScale, rows, "row_scale");
        RequireVector(columnScale, columns, "column_scale");
        (Rows, Columns, Metric, Codes, Codebook, RowScale, ColumnScale, Bands, Sparse) =
            (rows, columns, metric, codes, codebook, rowScale, columnScale, bands, sparse);
    }

    /// <summary>A weight whose codes are stored entropy coded; they are decoded here.</summary>
    /// <param name="stream">The stored codes, which say the scales too.</param>
    /// <param name="metric">The metric, or null.</param>
    /// <exception cref="DynFormatException">The stream is damaged.</exception>
    public DynWeight(EntropyStream stream, Metric? metric)
        : this(stream, metric, stream.Decode())
    {
    }

    private DynWeight(EntropyStream stream, Metric? metric, PackedCodes decoded)
        : this(
            stream.Rows, stream.Columns, metric, decoded, stream.Codebook(), stream.RowScale(),
            stream.ColumnScale()) => Stream = stream;

    /// <summary>
    /// The same, but decoded when <see cref="Codes"/> are first read, which takes a byte for every weight.
    /// </summary>
    /// <param name="stream">The stored codes; known to be whole.</param>
    /// <param name="metric">The metric, or null.</param>
    public static DynWeight Deferred(EntropyStream stream, Metric? metric)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new DynWeight(stream, metric, new PackedCodes(stream.Layout, () => stream.Decode().Bytes));
    }

    /// <summary>K, inputs.</summary>
    public int Rows { get; }

    /// <summary>N, outputs.</summary>
    public int Columns { get; }

    /// <summary>The mean field, or null.</summary>
    public Metric? Metric { get; }

    /// <summary>The residual's codes, or null.</summary>
    public PackedCodes? Codes { get; }

    /// <summary>The residual's codebook, or null.</summary>
    public Codebook? Codebook { get; }

    /// <summary>The residual's codes where they have several widths, or null.</summary>
    public BandedCodes? Bands { get; }

    /// <summary>Single elements that are added, or null.</summary>
    public SparseElements? Sparse { get; }

    /// <summary>Whether the weight has anything besides sparse elements.</summary>
    public bool IsDense => HasCodes || Metric is not null;

    /// <summary>The weight without its sparse elements. It must have more than these.</summary>
    public DynWeight WithoutSparse() => new(Rows, Columns, Metric, Codes, Codebook, RowScale, ColumnScale, Bands);

    /// <summary>Whether the weight has codes in any form.</summary>
    public bool HasCodes => Codes is not null || Bands is not null;

    /// <summary>rho [K], or null for ones.</summary>
    public ParameterTensor? RowScale { get; }

    /// <summary>gamma [N], or null for ones.</summary>
    public ParameterTensor? ColumnScale { get; }

    /// <summary>
    /// The entropy-coded stream that stands for codes, codebook and scales in the file, or null where these are stored
    /// as they are.
    /// </summary>
    public EntropyStream? Stream { get; }

    /// <summary>Every byte that the file stores for this weight's parts.</summary>
    public long StoredBytes =>
        (Metric?.ByteLength ?? 0) + (Sparse?.ByteLength ?? 0) + (Stream?.ByteLength
            ?? ((Codes?.Layout.ByteLength ?? 0) + (Codebook?.Table.ByteLength ?? 0) + (RowScale?.ByteLength ?? 0)
                + (ColumnScale?.ByteLength ?? 0) + BandBytes));

    /// <summary>8 · <see cref="StoredBytes"/> / (K·N).</summary>
    public double BitsPerWeight => 8.0 * StoredBytes / ((double)Rows * Columns);

    /// <summary>
    /// The weight with rows and columns where its banded codes count them: place [i, j] of the result is W[rowOrder[i],
    /// columnOrder[j]], and its own order is as it stands. Codes are shared.
    /// </summary>
    public DynWeight InScaleOrder(out int[] rowOrder, out int[] columnOrder)
    {
        int[] rows = rowOrder = ScaleOrder.Of(RowScale, Rows);
        int[] columns = columnOrder = ScaleOrder.Of(ColumnScale, Columns);
        if (ScaleOrder.IsIdentity(rows) && ScaleOrder.IsIdentity(columns))
        {
            return this;
        }

        return new DynWeight(
            Rows, Columns, Metric?.With(Metric.States.Reordered(rows, columns)), null, null, Ordered(RowScale, rows),
            Ordered(ColumnScale, columns), Bands, Sparse?.Reordered(rows, columns));

        static ParameterTensor? Ordered(ParameterTensor? scale, int[] order) =>
            scale is null
                ? null
                : new ParameterTensor(Array.ConvertAll(order, i => scale.Values[i]), scale.Shape, scale.Type);
    }

    /// <summary>The attributes of a node that holds this weight.</summary>
    public DynAttributes Attributes => new(
        DynOperator.SchemaVersion,
        Rows,
        Columns,
        Codebook?.Bits ?? 0,
        Codebook?.Taps ?? 1,
        Metric?.Kind ?? MetricKinds.None,
        Metric?.States.Bits ?? 0,
        Metric?.StateDim ?? 0,
        Metric?.Heads ?? 0,
        Metric?.Shifts ?? 0,
        Metric?.Width ?? 0,
        Stream is null ? StorageKinds.Packed : StorageKinds.Entropy,
        Bands?.GroupWidth ?? 0,
        Bands?.Bands.Select(band => (long)band.Codebook.Bits).ToArray(),
        Bands?.Bands.Select(band => (long)band.Codebook.Taps).ToArray());

    private long BandBytes =>
        Bands is null ? 0 : Bands.ByteLength + (Bands.Starts.Length * Bands.StartBytes) + Bands.TableBytes;

    private static void RequireVector(ParameterTensor? vector, int length, string name) =>
        Require(
            vector is null || (vector.Shape.Length == 1 && vector.Shape[0] == length),
            $"{name} has the shape [{string.Join(", ", vector?.Shape ?? [])}], expected [{length}]");

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new DynFormatException(message);
        }
    }
}
