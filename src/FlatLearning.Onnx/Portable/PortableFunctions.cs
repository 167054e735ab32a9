using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Inspection;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Portable;

/// <summary>
/// Gives every node of ours a model-local function: one body per structure, the most frequent of an operator under the
/// plain name, others numbered. See <c>docs/decisions/0002-one-operator-many-function-bodies.md</c>.
/// </summary>
internal static class PortableFunctions
{
    // The library has so many names for products; the last one is for nodes that have no body. It has none for
    // tensors.
    private const int MaxProducts = DynOperator.NameCount - 1;

    /// <summary>Names the nodes after the functions that they get.</summary>
    /// <param name="nodes">All nodes of the model, in walking order; their operator types are set.</param>
    public static PortablePlan Plan(IEnumerable<StoredNode> nodes)
    {
        List<string> notes = [];
        List<(NodeProto Node, DynStructure Structure)> portable = [];
        List<NodeProto> without = [];
        foreach (StoredNode stored in nodes)
        {
            if (stored.Weight.Structure is { } structure)
            {
                portable.Add((stored.Node, structure with
                {
                    ElementType = stored.ElementType,
                    IsGather = DynNodes.IsGather(stored.Node),
                    HasBias = DynNodes.IsProduct(stored.Node)
                        && DynNodes.InputName(stored.Node, DynOperator.Bias).Length > 0,
                }));
                continue;
            }

            without.Add(stored.Node);
            if (!stored.Weight.IsCoded)
            {
                // One sentence for all coded ones comes from the converter.
                notes.Add(
                    $"{NodeNames.Of(stored.Node)} has no form in standard operators since {stored.Weight.Reason}, so "
                        + "the model needs the library");
            }
        }

        IGrouping<DynStructure, (NodeProto Node, DynStructure Structure)>[] groups =
            [.. portable.GroupBy(item => item.Structure.Family).OrderByDescending(group => group.Count())];
        IGrouping<DynStructure, (NodeProto Node, DynStructure Structure)>[] products =
            [.. groups.Where(group => group.Key is { Tensor: null, IsGather: false })];
        IGrouping<DynStructure, (NodeProto Node, DynStructure Structure)>[] gathers =
            [.. groups.Where(group => group.Key.IsGather)];
        foreach (IGrouping<DynStructure, (NodeProto Node, DynStructure Structure)> group in products.Skip(MaxProducts)
            .Concat(gathers.Skip(DynGatherOperator.NameCount)))
        {
            without.AddRange(group.Select(item => item.Node));
            notes.Add(
                $"{group.Count()} nodes stay without a form in standard operators, since a model can hold "
                    + $"{MaxProducts} different ones, so it needs the library");
        }

        List<(string, DynStructure)> bodies = [
            .. Named(products.Take(MaxProducts), DynOperator.NameOf),
            .. Named(gathers.Take(DynGatherOperator.NameCount), DynGatherOperator.NameOf),
            .. Named(groups.Where(group => group.Key.Tensor is not null), TensorOperator.NameOf)];

        // A node without a body of its own must not carry a name that has somebody else's: the library takes any, plain
        // ONNX Runtime must refuse.
        without.ForEach(
            node => node.OpType =
                DynNodes.IsGather(node) ? DynGatherOperator.LibraryName : DynOperator.LibraryName);
        return new PortablePlan(bodies, without.Count == 0, notes);
    }

    private static List<(string Name, DynStructure Structure)> Named(
        IEnumerable<IGrouping<DynStructure, (NodeProto Node, DynStructure Structure)>> groups,
        Func<int, string> nameOf)
    {
        List<(string, DynStructure)> bodies = [];
        foreach (IGrouping<DynStructure, (NodeProto Node, DynStructure Structure)> group in groups)
        {
            string name = nameOf(bodies.Count);
            bodies.Add((name, group.Select(item => item.Structure).Aggregate((a, b) => a.Covering(b))));
            foreach ((NodeProto node, _) in group)
            {
                node.OpType = name;
            }
        }

        return bodies;
    }

    /// <summary>Adds the functions to a model.</summary>
    public static void Add(ModelProto model, PortablePlan plan)
    {
        int opset = checked((int)StandardOpset.Of(model));
        model.Functions.Add(plan.Bodies.Select(body => PortableFunction.Build(body.Structure, opset, body.Name)));
    }

    /// <summary>Raises the IR version to the first with functions, where there are any.</summary>
    public static void RaiseVersion(ModelProto model, PortablePlan plan)
    {
        if (plan.Bodies.Count > 0)
        {
            model.IrVersion = Math.Max(model.IrVersion, PortableFunction.IrVersion);
        }
    }
}
