using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Inspection;
using FlatLearning.Onnx.Proto;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Portable;

/// <summary>
/// Gives every DynMatMul node of a model a model-local function: one body per structure, the most frequent under the
/// plain name, others numbered. See <c>docs/decisions/0002-one-operator-many-function-bodies.md</c>.
/// </summary>
internal static class PortableFunctions
{
    // The last name is for nodes that have no body.
    private const int MaxBodies = DynOperator.NameCount - 1;

    /// <summary>Numbers the nodes, adds the functions, and raises the IR version to the first with functions.</summary>
    /// <param name="model">A model whose DynMatMul nodes all have the plain name.</param>
    /// <param name="types">Element type of x by node.</param>
    /// <param name="notes">Receives a sentence for every node that stays without a function.</param>
    /// <returns>Whether every node has a function.</returns>
    public static bool Add(OnnxModel model, IReadOnlyDictionary<NodeProto, DataType> types, List<string> notes)
    {
        int opset = checked((int)StandardOpset.Of(model.Proto));
        GraphIndex index = new(model.Proto);
        Dictionary<string, DynStructure?> byWeight = [];
        Dictionary<string, string?> reasons = [];
        List<(NodeProto Node, DynStructure Structure)> portable = [];
        int without = 0;
        foreach ((GraphScope scope, NodeProto node) in DynNodes.Find(index))
        {
            if (DynNodes.IsCoded(node))
            {
                // One sentence for all of them comes from the converter.
                without++;
                continue;
            }

            string key = DynNodes.Key(node);
            if (!byWeight.TryGetValue(key, out DynStructure? structure))
            {
                byWeight[key] =
                    structure = DynStructure.Of(DynNodes.Read(model, scope, node), opset, out string? reason);
                reasons[key] = reason;
            }

            if (structure is null)
            {
                without++;
                notes.Add(
                    $"{NodeNames.Of(node)} has no form in standard operators since {reasons[key]}, so the model "
                        + $"needs the library");
                continue;
            }

            portable.Add((node, structure with
            {
                ElementType = types[node],
                HasBias = DynNodes.InputName(node, DynOperator.Bias).Length > 0,
            }));
        }

        IGrouping<DynStructure, (NodeProto Node, DynStructure Structure)>[] groups =
            [.. portable.GroupBy(item => item.Structure.Family).OrderByDescending(group => group.Count())];
        foreach (IGrouping<DynStructure, (NodeProto Node, DynStructure Structure)> group in groups.Skip(MaxBodies))
        {
            without += group.Count();
            notes.Add(
                $"{group.Count()} nodes stay without a form in standard operators, since a model can hold "
                    + $"{MaxBodies} different ones, so it needs the library");
        }

        for (int number = 0; number < Math.Min(groups.Length, MaxBodies); number++)
        {
            string name = DynOperator.NameOf(number);
            DynStructure covering = groups[number].Select(item => item.Structure).Aggregate((a, b) => a.Covering(b));
            model.Proto.Functions.Add(PortableFunction.Build(covering, opset, name));
            foreach ((NodeProto node, _) in groups[number])
            {
                node.OpType = name;
            }
        }

        // A node without a body of its own must not carry a name that has somebody else's: the library takes any, plain
        // ONNX Runtime must refuse.
        if (without > 0)
        {
            RenameUncovered(index, groups.Take(MaxBodies).SelectMany(group => group.Select(item => item.Node)));
        }

        if (groups.Length > 0)
        {
            model.Proto.IrVersion = Math.Max(model.Proto.IrVersion, PortableFunction.IrVersion);
        }

        return without == 0;
    }

    private static void RenameUncovered(GraphIndex index, IEnumerable<NodeProto> bodied)
    {
        HashSet<NodeProto> covered = new(bodied, ReferenceEqualityComparer.Instance);
        foreach ((_, NodeProto node) in DynNodes.Find(index).Where(item => !covered.Contains(item.Node)))
        {
            node.OpType = DynOperator.LibraryName;
        }
    }
}
