using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Cli.Tests.Damage;

/// <summary>
/// Models whose parts do not fit together. The small network is n_h: x W1 -> h, n_r: h -> r, n_y: r W2 b -> y.
/// </summary>
internal static class DamagedGraphs
{
    /// <summary>Cycles, names taken twice or by nobody, operator sets that are missing.</summary>
    public static IEnumerable<DamagedFile> Structures()
    {
        yield return Graph("cycle of two nodes", graph => graph.Node[0].Input[0] = "r");
        yield return Graph("cycle of three nodes", graph => graph.Node[0].Input[0] = "y");
        yield return Graph("node that reads its own output", graph => graph.Node[1].Input[0] = "r");
        yield return Graph("weight that is a cycle", graph => graph.Node[0].Input[1] = "y");
        yield return Graph("undefined input", graph => graph.Node[0].Input[0] = "nobody");
        yield return Graph("undefined weight", graph => graph.Node[0].Input[1] = "nobody");
        yield return Graph("undefined graph output", graph => graph.Output[0].Name = "nobody");
        yield return Graph("weight removed", graph => graph.Initializer.RemoveAt(0));
        yield return Graph("output computed twice", graph => graph.Node[1].Output[0] = "h");
        yield return Graph("node computed twice", graph => graph.Node.Add(graph.Node[2].Clone()));
        yield return Graph("output named as an input", graph => graph.Node[2].Output[0] = "x");
        yield return Graph("output named as a weight", graph => graph.Node[0].Output[0] = Networks.FirstWeight);
        yield return Graph("initializer given twice", graph => graph.Initializer.Add(graph.Initializer[0].Clone()));
        yield return Graph("input given twice", graph => graph.Input.Add(graph.Input[0].Clone()));
        yield return Graph("initializer without a name", graph => graph.Initializer[0].Name = string.Empty);
        yield return Graph("node without an operator", graph => graph.Node[1].OpType = string.Empty);
        yield return Graph("node of a domain without operator set", graph => graph.Node[1].Domain = "nobody.knows");
        yield return Graph(
            "attribute given twice",
            graph => graph.Node[2].Attribute.Add([TestModels.Int("transB", 0), TestModels.Int("transB", 0)]));
        yield return Graph(
            "attribute without a name", graph => graph.Node[2].Attribute.Add(TestModels.Int(string.Empty, 0)));
        yield return Graph("graph without nodes", graph =>
        {
            graph.Node.Clear();
            graph.Output.Clear();
        });
        yield return Graph(
            "subgraph that reads what nobody computes",
            graph => graph.Node.Insert(
                0, TestModels.Node("If", ["c"], ["i"], Branch("then_branch", "nobody"), Branch("else_branch", "x"))));
        yield return Model("no graph", model => model.Graph = null);
        yield return Model("no operator set", model => model.OpsetImport.Clear());
        yield return Model("operator set of another domain only", model => model.OpsetImport[0].Domain = "other");
        yield return Model("operator set 0", model => model.OpsetImport[0].Version = 0);
        yield return Model("operator set 6", model => model.OpsetImport[0].Version = 6);
        yield return Model("operator set -1", model => model.OpsetImport[0].Version = -1);
        yield return Model(
            "two operator sets of one domain", model => model.OpsetImport.Add(new OperatorSetIdProto { Version = 13 }));
        yield return Model("function that calls itself", model => AddFunction(model, "Own"));
        yield return Model("function that reads what nobody computes", model => AddFunction(model, "Relu", "nobody"));
    }

    /// <summary>
    /// Nodes wired at random, in a model with subgraphs, functions, folded and sparse and external tensors.
    /// </summary>
    public static IEnumerable<DamagedFile> Rewired()
    {
        Random random = new(23);
        for (int round = 0; round < 40; round++)
        {
            ModelProto model = GoodModels.Rich();
            string[] names = [
                .. model.Graph.Node.SelectMany(node => node.Input.Concat(node.Output)).Append("").Append("unknown")];
            NodeProto node = model.Graph.Node[random.Next(model.Graph.Node.Count)];
            IList<string> list = node.Input.Count == 0 || random.Next(3) == 0 ? node.Output : node.Input;
            list[random.Next(list.Count)] = names[random.Next(names.Length)];
            yield return new DamagedFile(
                $"rich model wired as in round {round}", folder => Write(folder, TestModels.Bytes(model)), Sound: true);
        }

        byte[] good = TestModels.Bytes(GoodModels.Rich());
        for (int round = 0; round < 60; round++)
        {
            byte[] damaged = [.. good];
            damaged[random.Next(good.Length)] ^= (byte)(1 << random.Next(8));
            yield return new DamagedFile(
                $"rich model, flip of round {round}", folder => Write(folder, damaged), Sound: true);
        }
    }

    private static void Write(TemporaryFolder folder, byte[] model)
    {
        File.WriteAllBytes(folder[DamagedFile.FileName], model);
        File.WriteAllBytes(folder[GoodModels.SideFile], new byte[GoodModels.SideFileBytes]);
    }

    private static DamagedFile Graph(string name, Action<GraphProto> damage) =>
        Model(name, model => damage(model.Graph));

    private static DamagedFile Model(string name, Action<ModelProto> damage) =>
        DamagedFile.Of(name, Networks.Small(), damage);

    private static AttributeProto Branch(string name, string read)
    {
        GraphProto graph = new() { Name = name };
        graph.Node.Add(TestModels.Node("Identity", [read], ["z"]));
        graph.Output.Add(TestModels.Value("z", DataType.Float, 1));
        return TestModels.Graph(name, graph);
    }

    private static void AddFunction(ModelProto model, string called, string read = "p")
    {
        FunctionProto function = new() { Domain = "own", Name = "Own", Input = { "p" }, Output = { "q" } };
        NodeProto call = TestModels.Node(called, [read], ["q"]);
        call.Domain = called == "Own" ? "own" : string.Empty;
        function.Node.Add(call);
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        model.Functions.Add(function);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        NodeProto node = TestModels.Node("Own", ["x"], ["unused"]);
        node.Domain = "own";
        model.Graph.Node.Add(node);
    }
}
