using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Proto;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// Replaces the nodes of converted weights. Changes are collected and made per node list at once, so that the index
/// they were found with stays true until then.
/// </summary>
internal sealed class GraphEditor(ModelProto model)
{
    private readonly NameAllocator _names = new(model);
    private readonly SharedCodebooks _codebooks = new();
    private readonly Dictionary<NodeProto, IReadOnlyList<NodeProto>> _replacements =
        new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GraphScope, List<TensorProto>> _constants = new(ReferenceEqualityComparer.Instance);

    /// <summary>Element type of x by DynMatMul node.</summary>
    public Dictionary<NodeProto, DataType> ElementTypes { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>
    /// Plans the replacement of every use of one weight; its tensors are added once, where all of the uses see them.
    /// </summary>
    /// <returns>The name of the weight's first part, which no other weight has, and the bytes of its codebook where the
    /// model had that already.</returns>
    public (string Part, long SharedBytes) Replace(WeightCandidate candidate, Dyn.DynWeight weight)
    {
        GraphScope home = candidate.Uses.Select(use => use.Scope).Aggregate(CommonScope);
        StoredWeight stored = StoredWeight.Create(
            candidate.Name, weight, _names, (tensor, name) => _codebooks.FindOrAdd(home, tensor, name));
        ConstantsOf(home).AddRange(stored.Tensors);
        foreach (WeightUse use in candidate.Uses)
        {
            use.Rewrite(new RewriteContext(stored, _names, ConstantsOf(use.Scope).Add, Replace));
        }

        return (stored.Tensors[0].Name, stored.SharedBytes);

        void Replace(NodeProto node, IReadOnlyList<NodeProto> nodes)
        {
            _replacements[node] = nodes;
            foreach (NodeProto ours in nodes.Where(one => one.Domain == DynOperator.Domain))
            {
                ElementTypes[ours] = candidate.ElementType;
            }
        }
    }

    /// <summary>Makes the planned changes and imports the operator's domain where it is used.</summary>
    public void Commit(GraphIndex index)
    {
        foreach (GraphScope scope in index.Scopes)
        {
            List<NodeProto> nodes = [];
            bool changed = false;
            foreach (NodeProto node in scope.Nodes)
            {
                changed |= _replacements.TryGetValue(node, out IReadOnlyList<NodeProto>? replacement);
                nodes.AddRange(replacement ?? [node]);
            }

            if (_constants.TryGetValue(scope, out List<TensorProto>? constants))
            {
                changed = true;
                AddConstants(scope, constants, nodes);
            }

            if (changed)
            {
                scope.Nodes.Clear();
                nodes.ForEach(scope.Nodes.Add);
                DeclareTypes(scope, nodes);
                // A function's nodes move into the graphs that call it, and ONNX Runtime before 1.30 then looks at the
                // model's own imports.
                Import(model.OpsetImport);
                if (scope.EnclosingFunction is { } function)
                {
                    Import(function.OpsetImport);
                }
            }
        }
    }

    /// <summary>
    /// ONNX Runtime 1.17 cannot infer the output type of a custom operator with an absent input in the middle, so it is
    /// declared.
    /// </summary>
    private void DeclareTypes(GraphScope scope, List<NodeProto> nodes)
    {
        if (scope.Graph is not { } graph)
        {
            return;
        }

        HashSet<string> declared = [
            .. graph.Output.Concat(graph.ValueInfo).Where(value => value.Type is not null).Select(value => value.Name)];
        foreach (NodeProto node in nodes.Where(ElementTypes.ContainsKey).Where(node => declared.Add(node.Output[0])))
        {
            TypeProto type = new() { TensorType = new TypeProto.Types.Tensor { ElemType = (int)ElementTypes[node] } };
            graph.ValueInfo.Add(new ValueInfoProto { Name = node.Output[0], Type = type });
        }
    }

    private static void AddConstants(GraphScope scope, List<TensorProto> constants, List<NodeProto> nodes)
    {
        if (scope.Graph is { } graph)
        {
            graph.Initializer.Add(constants);
        }
        else
        {
            // Function bodies have no initializers.
            nodes.InsertRange(0, constants.Select(NodeFactory.Constant));
        }
    }

    private List<TensorProto> ConstantsOf(GraphScope scope)
    {
        if (!_constants.TryGetValue(scope, out List<TensorProto>? constants))
        {
            _constants[scope] = constants = [];
        }

        return constants;
    }

    private static void Import(Google.Protobuf.Collections.RepeatedField<OperatorSetIdProto> imports)
    {
        if (imports.All(import => import.Domain != DynOperator.Domain))
        {
            imports.Add(new OperatorSetIdProto { Domain = DynOperator.Domain, Version = DynOperator.OpsetVersion });
        }
    }

    private static GraphScope CommonScope(GraphScope a, GraphScope b)
    {
        HashSet<GraphScope> around = new(Enclosing(a), ReferenceEqualityComparer.Instance);
        return Enclosing(b).First(around.Contains);
    }

    private static IEnumerable<GraphScope> Enclosing(GraphScope? scope)
    {
        for (; scope is not null; scope = scope.Outer)
        {
            yield return scope;
        }
    }
}
