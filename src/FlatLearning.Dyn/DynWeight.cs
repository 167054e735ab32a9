using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Operators;
using FlatLearning.Dyn.Terms;

namespace FlatLearning.Dyn;

/// <summary>
/// A weight matrix W [K, N] in the DyN representation, a list of terms under two vectors of scales:
/// W[k,n] = row_scale[k] · column_scale[n] · (sum of scaled terms) + (sum of the others). Immutable; checked on
/// creation.
/// </summary>
public sealed class DynWeight
{
    /// <summary>The largest K·N.</summary>
    public const long MaxElements = 1L << 40;

    /// <summary>Creates a weight. Throws <see cref="DynFormatException"/> when the parts do not fit together.</summary>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="rowScale">[K], or null for ones; null where a term brings scales of its own.</param>
    /// <param name="columnScale">[N], or null for ones; null where a term brings scales of its own.</param>
    /// <param name="terms">One or more, no two of one kind, and at most one of codes; in any order.</param>
    public DynWeight(
        int rows,
        int columns,
        ParameterTensor? rowScale,
        ParameterTensor? columnScale,
        params IReadOnlyList<WeightTerm> terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        Require(
            rows > 0 && columns > 0 && (long)rows * columns < MaxElements,
            $"shape is [{rows}, {columns}], expected positive numbers with a product below 2^40");
        Require(terms.Count > 0, "a weight needs codes, a metric or sparse elements, found none");
        Require(
            terms.Count(term => term.IsCodes) <= 1 && terms.DistinctBy(term => term.GetType()).Count() == terms.Count,
            "a weight has one term of a kind at most, and one of codes of all kinds, found more");
        WeightScales? own = terms.Select(term => term.OwnScales).FirstOrDefault(scales => scales is not null);
        Require(
            own is null || (rowScale is null && columnScale is null),
            "a weight whose codes say the scales has none besides");
        (Rows, Columns, RowScale, ColumnScale) =
            (rows, columns, own?.Row ?? rowScale, own?.Column ?? columnScale);
        HasOwnScales = own is not null;
        Terms = [.. terms.OrderBy(term => term.IsScaled ? 0 : 1).ThenBy(term => term.IsCodes ? 1 : 0)];
        foreach (WeightTerm term in Terms)
        {
            term.Check(this);
        }

        RequireVector(RowScale, rows, "row_scale");
        RequireVector(ColumnScale, columns, "column_scale");
    }

    /// <summary>K, inputs.</summary>
    public int Rows { get; }

    /// <summary>N, outputs.</summary>
    public int Columns { get; }

    /// <summary>rho [K], or null for ones.</summary>
    public ParameterTensor? RowScale { get; }

    /// <summary>gamma [N], or null for ones.</summary>
    public ParameterTensor? ColumnScale { get; }

    /// <summary>Whether a term brings the scales along, so that the file does not store them besides.</summary>
    public bool HasOwnScales { get; }

    /// <summary>What the weight is the sum of: a metric before codes, terms that are not scaled last.</summary>
    public IReadOnlyList<WeightTerm> Terms { get; }

    /// <summary>How codes are stored: one of the names in <see cref="StorageKinds"/>.</summary>
    public string Storage => Terms.FirstOrDefault(term => term.IsCodes)?.Storage ?? StorageKinds.Packed;

    /// <summary>Whether the weight has anything that scales multiply.</summary>
    public bool IsScaled => Terms.Any(term => term.IsScaled);

    /// <summary>Whether a term counts rows and columns in the order of their scales.</summary>
    public bool CountsByScale => Terms.Any(term => term.CountsByScale);

    /// <summary>Whether the weight has codes in any form.</summary>
    public bool HasCodes => Terms.Any(term => term.IsCodes);

    /// <summary>Every byte that the file stores for this weight's parts.</summary>
    public long StoredBytes => Terms.Sum(term => term.StoredBytes)
        + (HasOwnScales ? 0 : (RowScale?.ByteLength ?? 0) + (ColumnScale?.ByteLength ?? 0));

    /// <summary>Numbers that the file stores for this weight's parts, of whatever precision.</summary>
    public long StoredNumbers => Terms.Sum(term => term.StoredNumbers)
        + (HasOwnScales ? 0 : (RowScale?.Values.Length ?? 0) + (ColumnScale?.Values.Length ?? 0));

    /// <summary>8 · <see cref="StoredBytes"/> / (K·N).</summary>
    public double BitsPerWeight => 8.0 * StoredBytes / ((double)Rows * Columns);

    /// <summary>The term of a kind, or null.</summary>
    public T? Find<T>()
        where T : WeightTerm => Terms.OfType<T>().FirstOrDefault();

    /// <summary>The weight without its term of a kind. It must have more than this.</summary>
    public DynWeight Without<T>()
        where T : WeightTerm
    {
        DynWeight decoded = Decoded();
        return new DynWeight(
            Rows, Columns, decoded.RowScale, decoded.ColumnScale, [.. decoded.Terms.Where(term => term is not T)]);
    }

    /// <summary>
    /// The same weight in terms that can be read in place: itself, unless codes are stored in a form that must be
    /// decoded first.
    /// </summary>
    public DynWeight Decoded()
    {
        WeightTerm[] decoded = [.. Terms.Select(term => term.Decoded)];
        return decoded.SequenceEqual(Terms, ReferenceEqualityComparer.Instance)
            ? this
            : new DynWeight(Rows, Columns, RowScale, ColumnScale, decoded);
    }

    /// <summary>
    /// The weight with rows and columns where a term counts them by scale: place [i, j] of the result is W[rowOrder[i],
    /// columnOrder[j]], and that term's own order is as it stands. The weight itself where no term counts so.
    /// </summary>
    public DynWeight InScaleOrder(out int[] rowOrder, out int[] columnOrder)
    {
        int[] rows = rowOrder = ScaleOrder.Of(CountsByScale ? RowScale : null, Rows);
        int[] columns = columnOrder = ScaleOrder.Of(CountsByScale ? ColumnScale : null, Columns);
        return ScaleOrder.IsIdentity(rows) && ScaleOrder.IsIdentity(columns)
            ? this
            : new DynWeight(
                Rows, Columns, Ordered(RowScale, rows), Ordered(ColumnScale, columns),
                [.. Terms.Select(term => term.Reordered(rows, columns))]);

        static ParameterTensor? Ordered(ParameterTensor? scale, int[] order) =>
            scale is null
                ? null
                : new ParameterTensor(Array.ConvertAll(order, i => scale.Values[i]), scale.Shape, scale.Type);
    }

    /// <summary>
    /// One line on what is stored, for tables and reports; for example <c>codes 4 bits, 3 taps, row+column scales</c>
    /// or <c>riem d=52 R=6 M=14, 8-bit states</c>.
    /// </summary>
    public string Describe()
    {
        string? scales = HasOwnScales ? null : (RowScale, ColumnScale) switch
        {
            (not null, not null) => "row+column scales",
            (not null, null) => "row scales",
            (null, not null) => "column scales",
            _ => null,
        };
        IEnumerable<string> scaled = Terms.Where(term => term.IsScaled).Select(term => term.Describe());
        IEnumerable<string> others = Terms.Where(term => !term.IsScaled).Select(term => term.Describe());
        return string.Join(", ", [.. scaled, .. scales is null ? [] : (string[])[scales], .. others]);
    }

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
