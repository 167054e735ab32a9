using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Graph.Folding;

/// <summary>
/// Finds out which values are constants and reads them: initializers (not those that callers may replace), Constant
/// nodes, and chains of <see cref="FoldedOperators"/> over them. Nothing is kept but the structure; every
/// <see cref="Read"/> reads anew.
/// </summary>
/// <param name="model">The model; for its tensors.</param>
/// <param name="index">The index of that model.</param>
internal sealed class ConstantFolder(OnnxModel model, GraphIndex index)
{
    /// <summary>No real model has tensors of more dimensions; a file that asks for it is damaged.</summary>
    internal const int MaximalRank = 64;

    // A chain of real models has a handful of operators. Chains that share their inputs can be unrolled exponentially
    // long.
    private const int MaximalEvaluations = 256;
    private const int MaximalDepth = 64;

    private static readonly Dictionary<string, IFoldOperator> Operators = new IFoldOperator[]
    {
        new IdentityFold(), new TransposeFold(), new ReshapeFold(), new CastFold(),
        new SqueezeFold(), new UnsqueezeFold(), new FlattenFold(), new DequantizeLinearFold(),
    }.ToDictionary(one => one.OpType);

    private readonly Dictionary<GraphValue, (ConstantValue? Found, NotConstantReason Reason)> _known =
        new(ReferenceEqualityComparer.Instance);

    /// <summary>The operators of the standard domain that are folded.</summary>
    public static IReadOnlyCollection<string> FoldedOperators => Operators.Keys;

    /// <summary>The index that names are looked up in.</summary>
    public GraphIndex Index { get; } = index;

    /// <summary>Looks a name up, without reading elements.</summary>
    /// <param name="scope">The scope that the name is read in.</param>
    /// <param name="name">The name.</param>
    /// <param name="reason">Why it is not a constant; <see cref="NotConstantReason.None"/> where it is.</param>
    /// <returns>The constant, or null.</returns>
    public ConstantValue? Find(GraphScope scope, string name, out NotConstantReason reason)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Find(name) is not { } value)
        {
            reason = NotConstantReason.Undefined;
            return null;
        }

        (ConstantValue? found, reason) = Trace(value, 0);
        return found;
    }

    /// <summary>Reads and folds a constant.</summary>
    /// <param name="constant">What <see cref="Find"/> found.</param>
    /// <param name="reason">Why the value cannot be known; <see cref="NotConstantReason.None"/> where it can.</param>
    /// <returns>The elements with type and shape, or null.</returns>
    /// <exception cref="OnnxModelException">A stored tensor is damaged or its external data cannot be had.</exception>
    public DenseTensor? Read(ConstantValue constant, out NotConstantReason reason)
    {
        ArgumentNullException.ThrowIfNull(constant);
        (DenseTensor? value, reason) = Evaluate(constant.Value);
        return value;
    }

    private (ConstantValue? Found, NotConstantReason Reason) Trace(GraphValue value, int depth)
    {
        if (_known.TryGetValue(value, out (ConstantValue?, NotConstantReason) known))
        {
            return known;
        }

        // Entered before its inputs are looked at, so that a cycle ends here.
        _known[value] = (null, NotConstantReason.Computed);
        return _known[value] = value switch
        {
            { Kind: ValueKind.Input } => (null, NotConstantReason.Input),
            { IsOverridable: true } => (null, NotConstantReason.Overridable),
            { Producer: null } => Leaf(value),
            { Producer: { } node } when ConstantNode.Is(node) =>
                node.HasReferences() ? (null, NotConstantReason.NotFoldable) : Leaf(value),
            _ => TraceNode(value, value.Producer, depth),
        };
    }

    private (ConstantValue? Found, NotConstantReason Reason) TraceNode(GraphValue value, NodeProto node, int depth)
    {
        if (NodeNames.Domain(node.Domain).Length > 0
            || !Operators.ContainsKey(node.OpType)
            || node.Input.Count == 0
            || depth > MaximalDepth)
        {
            return (null, NotConstantReason.Computed);
        }

        List<ConstantValue> inputs = [];
        foreach (string input in node.Input.Where(input => input.Length > 0))
        {
            if (value.Scope.Find(input) is not { } source || Trace(source, depth + 1).Found is not { } constant)
            {
                return (null, NotConstantReason.Computed);
            }

            inputs.Add(constant);
        }

        int evaluations = Math.Min(1 + inputs.Sum(input => input.Evaluations), MaximalEvaluations + 1);
        if (inputs.Count == 0
            || node.HasReferences()
            || evaluations > MaximalEvaluations
            || node.Output.IndexOf(value.Name) != 0)
        {
            return (null, NotConstantReason.NotFoldable);
        }

        return (new ConstantValue(
            value,
            inputs[0].Root,
            [.. inputs[0].Chain, node],
            [.. inputs.SelectMany(input => input.Leaves).Distinct()],
            evaluations), NotConstantReason.None);
    }

    private static (ConstantValue? Found, NotConstantReason Reason) Leaf(GraphValue value) =>
        (new ConstantValue(value, value, [], [value], 0), NotConstantReason.None);

    private (DenseTensor? Value, NotConstantReason Reason) Evaluate(GraphValue value)
    {
        if (value.Initializer is { } tensor)
        {
            return IsNumeric(tensor)
                ? (model.Tensors.ReadDense(tensor), NotConstantReason.None)
                : (null, NotConstantReason.NotNumeric);
        }

        if (value.SparseInitializer is { } sparse)
        {
            return (model.Tensors.ReadDense(sparse), NotConstantReason.None);
        }

        NodeProto node = value.Producer!;
        if (ConstantNode.Is(node))
        {
            bool numeric = ConstantNode.TensorOf(node) is not { } stored || IsNumeric(stored);
            DenseTensor? read = numeric ? ConstantNode.Read(node, model.Tensors) : null;
            return (read, read is null ? NotConstantReason.NotNumeric : NotConstantReason.None);
        }

        DenseTensor?[] inputs = new DenseTensor?[node.Input.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (node.Input[i].Length > 0)
            {
                (inputs[i], NotConstantReason reason) = Evaluate(value.Scope.Find(node.Input[i])!);
                if (inputs[i] is null)
                {
                    return (null, reason);
                }
            }
        }

        DenseTensor? result = inputs.Any(input => input?.Dims.Length > MaximalRank)
            ? null
            : Operators[node.OpType].Evaluate(new FoldInputs(node, inputs));
        return (result, result is null ? NotConstantReason.NotFoldable : NotConstantReason.None);
    }

    private static bool IsNumeric(TensorProto tensor)
    {
        var type = TensorInfo.Of(tensor).Type;
        return ElementTypes.IsFloat(type) || ElementTypes.IsInteger(type);
    }
}
