using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Dyn.Terms;
using FlatLearning.Onnx.Portable.Terms;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Portable;

/// <summary>
/// Everything about a node of ours that its model-local function depends on. Nodes with equal structures share
/// one function body; K, N, the group widths and all parameter values are read from the node's inputs and its attribute
/// <c>shape</c>.
/// </summary>
internal sealed record DynStructure
{
    private DynStructure()
    {
    }

    /// <summary>Element type of x and y, or of the tensor: float32, float16, bfloat16 or float64.</summary>
    public DataType ElementType { get; init; } = DataType.Float;

    /// <summary>How the weight becomes a tensor; null for a product with it.</summary>
    public TensorForm? Tensor { get; init; }

    /// <summary>Whether rows of the weight are looked up.</summary>
    public bool IsGather { get; init; }

    /// <summary>Whether bias is present.</summary>
    public bool HasBias { get; init; }

    /// <summary>Whether and how row_scale is stored.</summary>
    public ScaleForm RowScale { get; private init; }

    /// <summary>Whether and how column_scale is stored.</summary>
    public ScaleForm ColumnScale { get; private init; }

    /// <summary>The weight's terms, in its order.</summary>
    public IReadOnlyList<TermBody> Terms { get; private init; } = [];

    /// <summary>Names of the attributes that the node may have.</summary>
    public IReadOnlyList<string> Attributes { get; private init; } = [];

    /// <summary>
    /// [K, N] where the body cannot find it out: in operator sets that have no operator to hand on an attribute, and
    /// where no input tells. Null elsewhere.
    /// </summary>
    public MatrixShape? FixedShape { get; private init; }

    /// <summary>
    /// What two structures must have in common for one body to serve both: all but what does no harm to have in excess.
    /// </summary>
    internal DynStructure Family => this with { Terms = [.. Terms.Select(term => term.Family)] };

    /// <summary>The last input of the weight that the node may have.</summary>
    internal WeightInput LastInput =>
        (WeightInput)Math.Max((int)WeightInput.ColumnScale, Terms.Max(term => (int)term.LastInput));

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
        reason =
            weight.Terms.Select(term => TermBodies.ReasonAgainst(term, opset)).FirstOrDefault(text => text is not null)
            ?? PortableLimits.ReasonAgainst(weight);
        List<TermBody> terms = [];
        foreach (WeightTerm term in weight.Terms)
        {
            TermBody? body = reason is null ? TermBodies.Of(term, out reason) : null;
            if (body is null)
            {
                return null;
            }

            terms.Add(body);
        }

        return new DynStructure
        {
            RowScale = FormOf(weight.RowScale),
            ColumnScale = FormOf(weight.ColumnScale),
            Terms = terms,
            Attributes = [.. WeightSchema.AttributesOf(weight).Select(attribute => attribute.Name)],
            FixedShape = NeedsFixedShape(terms, opset) ? new MatrixShape(weight.Rows, weight.Columns) : null,
        };
    }

    /// <summary>A structure whose body serves this one and another of its family.</summary>
    internal DynStructure Covering(DynStructure other) =>
        this with { Terms = [.. Terms.Zip(other.Terms, (term, also) => term.Covering(also))] };

    /// <inheritdoc/>
    public bool Equals(DynStructure? other) => other is not null
        && (ElementType, HasBias, IsGather, Tensor, RowScale, ColumnScale, FixedShape)
            == (other.ElementType, other.HasBias, other.IsGather, other.Tensor, other.RowScale, other.ColumnScale,
                other.FixedShape)
        && Terms.SequenceEqual(other.Terms) && Attributes.SequenceEqual(other.Attributes);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        Terms.Aggregate(
            HashCode.Combine(ElementType, HasBias, IsGather, Tensor, RowScale, ColumnScale, FixedShape),
            HashCode.Combine);

    private static bool NeedsFixedShape(List<TermBody> terms, int opset) =>
        (opset < OpBuilder.AttributeOpset && terms.Any(term => term.NeedsShape))
        || (opset is 10 or 11 && terms.Any(term => term.IsPadded) && !terms.Any(term => term.SaysShape));

    private static ScaleForm FormOf(ParameterTensor? scale) => scale?.Type switch
    {
        null => ScaleForm.None,
        ParameterType.Log8 => ScaleForm.Logarithm,
        _ => ScaleForm.Real,
    };
}
