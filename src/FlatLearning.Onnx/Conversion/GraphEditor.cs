using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Standard;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// Replaces the nodes of converted weights. Changes are collected first, so that the index they were found with stays
/// true until <see cref="Commit"/>, and so that a plan can be weighed without one.
/// </summary>
/// <param name="index">The index of the model.</param>
/// <param name="names">Fresh names.</param>
/// <param name="opset">The standard operator set of the model.</param>
/// <param name="domain">The domain of the new nodes.</param>
internal sealed class GraphEditor(GraphIndex index, NameAllocator names, int opset, string domain)
{
    private readonly SharedCodebooks _codebooks = new();
    private readonly Dictionary<NodeProto, IReadOnlyList<NodeProto>> _replacements =
        new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<GraphValue> _roots = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GraphScope, List<NodeProto>> _inFront = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<NodeProto, StoredNode> _stored = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<GraphScope, List<TensorProto>> _constants = new(ReferenceEqualityComparer.Instance);

    /// <summary>The new nodes of ours, in the order in which the scopes of the index are walked.</summary>
    public IEnumerable<StoredNode> Stored =>
        index.Scopes.Where(IsChanged)
            .SelectMany(Nodes)
            .Select(node => _stored.GetValueOrDefault(node))
            .OfType<StoredNode>();

    /// <summary>Initializers that outputs of the same names take the place of.</summary>
    public IReadOnlyCollection<GraphValue> ReplacedRoots => _roots;

    /// <summary>Whether a node of the model is replaced.</summary>
    public bool IsReplaced(NodeProto node) => _replacements.ContainsKey(node);

    /// <summary>
    /// Plans the replacement of every use of one weight; its tensors are added once, where all of the uses see them.
    /// </summary>
    public StoredWeight Replace(WeightCandidate candidate, WeightOutline weight)
    {
        GraphScope home = Home(candidate);
        StoredWeight stored = StoredWeight.Create(
            candidate.Name, weight.Parts, names, (tensor, name) => _codebooks.FindOrAdd(home, tensor, name));
        return Replace(
            candidate, stored, home, node => _stored[node] = new StoredNode(node, weight, candidate.ElementType));
    }

    /// <summary>The same of a weight that operators of ONNX Runtime read.</summary>
    public StoredWeight Replace(WeightCandidate candidate, StandardWeight weight)
    {
        GraphScope home = Home(candidate);
        StoredWeight stored = weight.Store(candidate.Name, names);
        NodesInFront(home).AddRange(stored.Standard!.Before);
        return Replace(candidate, stored, home, _ => { });
    }

    private static GraphScope Home(WeightCandidate candidate) =>
        candidate.Uses.Select(use => use.Scope).Aggregate(CommonScope);

    private StoredWeight Replace(
        WeightCandidate candidate, StoredWeight stored, GraphScope home, Action<NodeProto> remember)
    {
        ConstantsOf(home).AddRange(stored.Tensors);
        foreach (WeightUse use in candidate.Uses)
        {
            use.Rewrite(
                new RewriteContext(stored, names, opset, ConstantsOf(use.Scope).Add, Replace, ReplaceRoots));
        }

        return stored;

        void ReplaceRoots(IReadOnlyList<GraphValue> roots, NodeProto node)
        {
            remember(node);
            NodesInFront(roots[0].Scope).Add(node);
            foreach (GraphValue root in roots)
            {
                if (root.Producer is { } constant)
                {
                    Replace(constant, []);
                }
                else
                {
                    _roots.Add(root);
                }
            }
        }

        void Replace(NodeProto node, IReadOnlyList<NodeProto> nodes)
        {
            _replacements[node] = nodes;
            foreach (NodeProto ours in nodes.Where(one => one.Domain == domain))
            {
                NodeRemarks.Copy(node, ours);
                remember(ours);
            }
        }
    }

    /// <summary>What becomes of a scope; null where it stays as it is.</summary>
    public ScopeEdit? EditOf(GraphScope scope)
    {
        if (!IsChanged(scope))
        {
            return null;
        }

        List<TensorProto> constants = _constants.GetValueOrDefault(scope) ?? [];

        // Function bodies have no initializers.
        List<NodeProto> added = scope.Graph is null ? [.. constants.Select(NodeFactory.Constant)] : [];
        added.AddRange(NodesInFront(scope));
        NodeProto[] removed = [.. scope.Nodes.Where(IsReplaced)];
        NodeProto[] nodes = [.. added, .. Rest(scope)];
        added.AddRange(removed.SelectMany(node => _replacements[node]));
        return new ScopeEdit(nodes, removed, added, scope.Graph is null ? [] : constants, Types(scope, nodes));
    }

    /// <summary>Makes the planned changes, but for what <see cref="Import"/> does to the model's own imports.</summary>
    public void Commit()
    {
        foreach (GraphScope scope in index.Scopes)
        {
            if (EditOf(scope) is not { } edit)
            {
                continue;
            }

            UnusedRemover.RemoveTensors(_roots.Where(root => root.Scope == scope));
            scope.Nodes.Clear();
            foreach (NodeProto node in edit.Nodes)
            {
                scope.Nodes.Add(node);
            }

            scope.Graph?.Initializer.Add(edit.Initializers);
            scope.Graph?.ValueInfo.Add(edit.Types);
            if (scope.EnclosingFunction is { } function)
            {
                Import(function.OpsetImport, domain);
            }
        }
    }

    /// <summary>Adds a domain, ours by default, to imports that do not have it.</summary>
    public static void Import(
        Google.Protobuf.Collections.RepeatedField<OperatorSetIdProto> imports, string domain = DynOperator.Domain)
    {
        if (imports.All(import => import.Domain != domain))
        {
            imports.Add(new OperatorSetIdProto { Domain = domain, Version = DynOperator.OpsetVersion });
        }
    }

    // Every scope with a replaced node has a list of constants, which may be empty.
    private bool IsChanged(GraphScope scope) => _constants.ContainsKey(scope);

    private IEnumerable<NodeProto> Nodes(GraphScope scope) => NodesInFront(scope).Concat(Rest(scope));

    private IEnumerable<NodeProto> Rest(GraphScope scope) =>
        scope.Nodes.SelectMany(node => _replacements.GetValueOrDefault(node) ?? [node]);

    /// <summary>
    /// ONNX Runtime 1.17 cannot infer the output type of a custom operator with an absent input in the middle, so it is
    /// declared.
    /// </summary>
    private List<ValueInfoProto> Types(GraphScope scope, NodeProto[] nodes)
    {
        List<ValueInfoProto> types = [];
        if (scope.Graph is not { } graph)
        {
            return types;
        }

        HashSet<string> declared = [
            .. graph.Output.Concat(graph.ValueInfo).Where(value => value.Type is not null).Select(value => value.Name)];
        foreach (NodeProto node in nodes.Where(node => _stored.ContainsKey(node) && !TensorOperator.Is(node))
            .Where(node => declared.Add(node.Output[0])))
        {
            TypeProto.Types.Tensor tensor = new() { ElemType = (int)_stored[node].ElementType };
            types.Add(new ValueInfoProto { Name = node.Output[0], Type = new TypeProto { TensorType = tensor } });
        }

        return types;
    }

    private List<TensorProto> ConstantsOf(GraphScope scope) => ListOf(_constants, scope);

    private List<NodeProto> NodesInFront(GraphScope scope) => ListOf(_inFront, scope);

    private static List<T> ListOf<T>(Dictionary<GraphScope, List<T>> lists, GraphScope scope)
    {
        if (!lists.TryGetValue(scope, out List<T>? list))
        {
            lists[scope] = list = [];
        }

        return list;
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
