using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Operators;
using FlatLearning.Dyn.Terms;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Portable;

/// <summary>
/// Everything about a <c>DynMatMul</c> node that its model-local function depends on. Nodes with equal structures share
/// one function body; K, N, the group widths and all parameter values are read from the node's inputs and its attribute
/// <c>shape</c>.
/// </summary>
public sealed record DynStructure
{
    /// <summary>Element type of x and y: float32, float16, bfloat16 or float64.</summary>
    public DataType ElementType { get; init; } = DataType.Float;

    /// <summary>b: bits of a code, 0 without codes.</summary>
    public int Bits { get; init; }

    /// <summary>Taps of the codebook, 1 without codes.</summary>
    public int Taps { get; init; } = 1;

    /// <summary>Whether the codebook is one table over a window of codes.</summary>
    public bool IsWindow { get; init; }

    /// <summary>Whether the last group of codes has unused columns.</summary>
    public bool HasPaddedCodes { get; init; }

    /// <summary>Whether there are fewer rows than taps.</summary>
    public bool HasFewRows { get; init; }

    /// <summary>The bands of codes of several widths, or none.</summary>
    public BandStructure Bands { get; init; } = BandStructure.None;

    /// <summary>Whether there are sparse elements.</summary>
    public bool HasSparse { get; init; }

    /// <summary>Whether row_scale is stored as 8-bit logarithms.</summary>
    public bool HasLogRowScale { get; init; }

    /// <summary>Whether column_scale is stored as 8-bit logarithms.</summary>
    public bool HasLogColumnScale { get; init; }

    /// <summary>Whether row_scale is present.</summary>
    public bool HasRowScale { get; init; }

    /// <summary>Whether column_scale is present.</summary>
    public bool HasColumnScale { get; init; }

    /// <summary>Whether bias is present.</summary>
    public bool HasBias { get; init; }

    /// <summary>One of the names in <see cref="MetricKinds"/>.</summary>
    public string Metric { get; init; } = MetricKinds.None;

    /// <summary>s: bits of a state code, 0 without a metric.</summary>
    public int StateBits { get; init; }

    /// <summary>d: coordinates of a state, or of one head of it.</summary>
    public int StateDim { get; init; }

    /// <summary>H: heads of the dyn metrics.</summary>
    public int Heads { get; init; }

    /// <summary>R: cyclic shifts of riem.</summary>
    public int Shifts { get; init; }

    /// <summary>M: features per shift of riem.</summary>
    public int Width { get; init; }

    /// <summary>Whether the last group of row or column states has unused columns.</summary>
    public bool HasPaddedStates { get; init; }

    /// <summary>How the riem metric is expanded; null for other metrics.</summary>
    public RiemExpansion? Expansion { get; init; }

    /// <summary>
    /// [K, N] where the body cannot find it out: in operator sets 10 and 11, for padded states without codes. Null
    /// elsewhere.
    /// </summary>
    public MatrixShape? FixedShape { get; init; }

    /// <summary>
    /// The structure of a weight for float32 x without bias; the caller sets the rest. Null where it has no portable
    /// form.
    /// </summary>
    /// <param name="weight">The weight.</param>
    /// <param name="opset">The version of the standard operator set of the model.</param>
    public static DynStructure? Of(DynWeight weight, int opset) => Of(weight, opset, out _);

    /// <summary>
    /// The structure of a weight for float32 x without bias; the caller sets the rest. Null where it has no portable
    /// form.
    /// </summary>
    /// <param name="weight">The weight.</param>
    /// <param name="opset">The version of the standard operator set of the model.</param>
    /// <param name="reason">Why there is none, to follow "it has no form in standard operators, since"; else
    /// null.</param>
    public static DynStructure? Of(DynWeight weight, int opset, out string? reason)
    {
        ArgumentNullException.ThrowIfNull(weight);
        RiemExpansion? expansion = null;
        reason = weight.Find<EntropyCodes>() is not null ? "its codes are entropy coded"
            : weight.Find<MixedCodes>() is not null && opset < BandBody.OldestOpset
                ? $"its codes have several widths, which takes operator set {BandBody.OldestOpset} and the model "
                    + $"has {opset}"
            : weight.Find<SparseTerm>() is not null && opset < SparseBody.OldestOpset
                ? $"it has sparse elements, which take operator set {SparseBody.OldestOpset} and the model has {opset}"
            : PortableLimits.ReasonAgainstCodes(weight);
        if (reason is null && weight.Find<MetricTerm>()?.Metric is RiemMetric riem)
        {
            expansion = RiemExpansion.For(riem);
            reason = expansion is null
                ? $"its riem metric is so steep that an expansion needs more than {RiemExpansion.MaxTerms} terms"
                : null;
        }

        reason ??= PortableLimits.ReasonAgainstMetric(weight.Find<MetricTerm>()?.Metric, expansion);
        if (reason is not null)
        {
            return null;
        }

        UniformCodes? uniform = weight.Find<UniformCodes>();
        DynStructure structure = new()
        {
            Bits = uniform?.Codebook.Bits ?? 0,
            Taps = uniform?.Codebook.Taps ?? 1,
            IsWindow = uniform?.Codebook.IsWindow ?? false,
            HasPaddedCodes = uniform is not null && IsPadded(uniform.Codes.Layout),
            HasFewRows = weight.Rows < uniform?.Codebook.Taps,
            Bands = BandStructure.Of(weight.Find<MixedCodes>()?.Bands),
            HasSparse = weight.Find<SparseTerm>() is not null,
            FixedShape = weight.Find<SparseTerm>() is not null && opset < SparseBody.AttributeOpset
                ? new MatrixShape(weight.Rows, weight.Columns)
                : null,
            HasLogRowScale = weight.RowScale?.Type == ParameterType.Log8,
            HasLogColumnScale = weight.ColumnScale?.Type == ParameterType.Log8,
            HasRowScale = weight.RowScale is not null,
            HasColumnScale = weight.ColumnScale is not null,
        };
        if (weight.Find<MetricTerm>()?.Metric is not { } metric)
        {
            return structure;
        }

        bool isPadded = IsPadded(metric.States.Rows.Layout) || IsPadded(metric.States.Columns.Layout);
        return structure with
        {
            Metric = metric.Kind,
            StateBits = metric.States.Bits,
            StateDim = metric.StateDim,
            Heads = metric.Heads,
            Shifts = metric.Shifts,
            Width = metric.Width,
            HasPaddedStates = isPadded,
            Expansion = expansion,
            FixedShape = structure.FixedShape
                ?? (isPadded && uniform is null && opset is (10 or 11)
                    ? new MatrixShape(weight.Rows, weight.Columns)
                    : null),
        };
    }

    private static bool IsPadded(CodeLayout layout) => layout.Columns % layout.GroupWidth != 0;

    /// <summary>The last input position that the node has.</summary>
    internal WeightInput LastInput =>
        HasSparse ? WeightInput.SparseValues
        : Bands.Any ? WeightInput.Bands
        : Metric != MetricKinds.None ? WeightInput.MetricParameters
        : WeightInput.ColumnScale;
}
