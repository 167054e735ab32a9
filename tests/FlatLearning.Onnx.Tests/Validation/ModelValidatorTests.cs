using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Onnx.Validation;
using FlatLearning.Testing;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Validation;

/// <summary>Sound models pass; each kind of fault is found and named.</summary>
public sealed class ModelValidatorTests
{
    [SharedTheory]
    [MemberData(nameof(SharedModels.Names), MemberType = typeof(SharedModels))]
    public void Validate_RealModel_FindsNothing(string name) =>
        Assert.Empty(ModelValidator.Validate(OnnxModelFile.Load(SharedModels.PathOf(name))));

    [Fact]
    public void Validate_NamesAndOrder_AreChecked()
    {
        AssertFinds("FLAT0307", model => model.Graph.Node.Add(TestModels.Node("Identity", ["x"], ["y"])), "'y'");
        AssertFinds("FLAT0307", model => model.Graph.Node.Add(TestModels.Node("Identity", ["y"], ["x"])), "'x'");
        AssertFinds("FLAT0307", model => model.Graph.Input.Add(model.Graph.Input[0].Clone()), "'x'");
        AssertFinds("FLAT0307", model => Repeat(model.Graph.Initializer, TensorWriter.Float32("w", [1], [1f])), "'w'");
        AssertFinds("FLAT0308", model => model.Graph.Node[0].Input[0] = "gone", "Identity 'n_y'", "'gone'");
        AssertFinds("FLAT0309", model => model.Graph.Output.Add(TestModels.Value("gone", DataType.Float, 1)), "'gone'");
        AssertFinds("FLAT0314", model => model.Graph.Initializer.Add(TensorWriter.Float32("", [1], [1f])));
        AssertFinds("FLAT0310", model => Cycle(model.Graph), "Identity 'n_b'");
        AssertFinds("FLAT0310", SubgraphCycle, "If 'n_z'");
    }

    [Fact]
    public void Validate_OrderInTheFile_IsFree()
    {
        ModelProto model = TestModels.Identity();
        model.Graph.Node.Insert(0, TestModels.Node("Identity", ["y"], ["z"]));
        Assert.Empty(ModelValidator.Validate(new OnnxModel(model)));
    }

    [Fact]
    public void Validate_InitializerThatIsAnInput_IsNoSecondDefinition()
    {
        ModelProto model = TestModels.Linear(2, 2, i => i);
        model.Graph.Input.Add(TestModels.Value("W", DataType.Float, 2, 2));
        Assert.Empty(ModelValidator.Validate(new OnnxModel(model)));
    }

    [Fact]
    public void Validate_OpsetsAndNodes_AreChecked()
    {
        AssertFinds("FLAT0301", model => model.ClearIrVersion());
        AssertFinds("FLAT0302", model => model.OpsetImport.Clear());
        AssertFinds(
            "FLAT0303", model => model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx", Version = 17 }));
        AssertFinds("FLAT0304", model => model.OpsetImport[0].Version = 0);
        AssertFinds("FLAT0305", model => model.Graph.Node[0].Domain = "com.example", "'com.example'");
        AssertFinds("FLAT0306", model => model.Graph.Node[0].OpType = "");
        AssertFinds("FLAT0311", model => Repeat(model.Graph.Node[0].Attribute, TestModels.Int("axis", 1)), "'axis'");
    }

    [Fact]
    public void Validate_Functions_AreChecked()
    {
        AssertFinds("FLAT0312", model => Repeat(model.Functions, Function("f", "Identity", "")), "'d:f'");
        AssertFinds("FLAT0313", model => model.Functions.Add(Function("f", "f", "d")), "'d:f'");
        AssertFinds(
            "FLAT0313", model => model.Functions.Add([Function("f", "g", "d"), Function("g", "f", "d")]), "'d:f'");
        AssertFinds("FLAT0308", model => model.Functions.Add(Function("f", "Identity", "", "gone")), "function 'd:f'");

        ModelProto chain = TestModels.Identity();
        chain.Functions.Add([Function("f", "g", "d"), Function("g", "Identity", "")]);
        Assert.Empty(ModelValidator.Validate(new OnnxModel(chain)));
    }

    [Fact]
    public void Validate_TensorsEverywhere_AreChecked()
    {
        TensorProto bad = TensorWriter.Float32("w", [2], [1f, 2]);
        bad.Dims[0] = 3;
        AssertFinds("FLAT0204", model => model.Graph.Initializer.Add(bad), "'w'");
        AssertFinds("FLAT0204", model => model.Graph.Node[0].Attribute.Add(TestModels.Tensor("value", bad)), "'w'");
        AssertFinds(
            "FLAT0204", model => model.Graph.SparseInitializer.Add(new SparseTensorProto { Values = bad }), "'w'");
        AssertFinds(
            "FLAT0205",
            model => model.Graph.Initializer.Add(
                new TensorProto { Name = "s", DataType = (int)DataType.String, Dims = { 1 } }),
            "'s'");
        AssertFinds(
            "FLAT0114",
            model => model.Graph.Initializer.Add(TestModels.External("e", DataType.Float, [1], ("location", "w.bin"))),
            "'e'");
    }

    [Fact]
    public void Validate_NamesWithLineBreaksEscapesAndMegabytes_StayOneSentence()
    {
        foreach (string name in (string[])["a\nb", "a\r\nb", "\u001b[2J", "a\u2028b", new string('n', 1 << 20)])
        {
            ModelProto model = TestModels.Identity();
            model.Graph.Node[0].Input[0] = name;
            string found = Assert.Single(ModelValidator.Validate(new OnnxModel(model)));
            Sentences.AssertOne(found);
            Assert.DoesNotContain(found, char.IsControl);
            Assert.True(found.Length < 1100);
        }
    }

    [Fact]
    public void Check_FaultyFile_NamesTheFile()
    {
        using TemporaryFolder folder = new();
        ModelProto model = TestModels.Identity();
        model.Graph.Node[0].Input[0] = "gone";
        OnnxModelFile.Save(new OnnxModel(model), folder["faulty.onnx"]);

        OnnxModel loaded = OnnxModelFile.Load(folder["faulty.onnx"]);
        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(() => ModelValidator.Check(loaded)),
            "FLAT0308: '",
            "faulty.onnx",
            "'gone'");
    }

    private static void AssertFinds(string number, Action<ModelProto> break_, params string[] named)
    {
        ModelProto model = TestModels.Identity();
        Assert.Empty(ModelValidator.Validate(new OnnxModel(model)));
        break_(model);
        IReadOnlyList<string> found = ModelValidator.Validate(new OnnxModel(model));
        Assert.All(found, text => Sentences.AssertOne(text));
        Sentences.AssertOne(Assert.Single(found, text => text.StartsWith(number, StringComparison.Ordinal)), named);
    }

    private static void Repeat<T>(IList<T> list, T item)
    {
        list.Add(item);
        list.Add(item);
    }

    private static void Cycle(GraphProto graph)
    {
        graph.Node.Add(TestModels.Node("Add", ["x", "b"], ["a"]));
        graph.Node.Add(TestModels.Node("Identity", ["a"], ["b"]));
        graph.Node.Insert(0, TestModels.Node("Identity", ["b"], ["behind"]));
    }

    private static void SubgraphCycle(ModelProto model)
    {
        GraphProto inner = new() { Name = "inner" };
        inner.Node.Add(TestModels.Node("Identity", ["z"], ["i"]));
        inner.Output.Add(TestModels.Value("i", DataType.Float, 2));
        model.Graph.Node.Add(TestModels.Node("If", ["x"], ["z"], TestModels.Graph("then_branch", inner)));
    }

    private static FunctionProto Function(string name, string calls, string domain, string input = "p")
    {
        NodeProto node = TestModels.Node(calls, [input], ["q"]);
        node.Domain = domain;
        FunctionProto function = new() { Domain = "d", Name = name, Input = { "p" }, Output = { "q" } };
        function.Node.Add(node);
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "d", Version = 1 });
        return function;
    }
}
