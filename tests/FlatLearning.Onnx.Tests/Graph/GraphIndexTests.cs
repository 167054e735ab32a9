using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Graph;

/// <summary>Who defines and who reads a value, through subgraphs and function bodies.</summary>
public sealed class GraphIndexTests
{
    [Fact]
    public void Uses_OfAnOuterValue_IncludeSubgraphsTwoLevelsDown()
    {
        ModelProto model = NestedModel();
        GraphIndex index = new(model);
        GraphValue weight = index.Main.Find("W")!;

        Assert.Equal(
            ["MatMul 'n_a'", "MatMul 'n_i1'", "MatMul 'n_j1'"], weight.Uses.Select(use => NodeNames.Of(use.Node)));
        Assert.Equal([1, 1, 1], weight.Uses.Select(use => use.InputIndex));
        Assert.Equal("the then_branch of If 'n_i2'", weight.Uses[2].Scope.Description);
        Assert.Equal(1, index.Main.Find("a")!.InnerOutputCount);
        Assert.True(index.Main.Find("y")!.IsScopeOutput);
        Assert.Equal(
            ["the main graph", "the then_branch of If 'n_y'", "the then_branch of If 'n_i2'", "the else_branch of "
                + "If 'n_i2'", "the else_branch of If 'n_y'", "function 'd:f'"],
            index.Scopes.Select(scope => scope.Description));
    }

    [Fact]
    public void Find_NameDefinedAnewInside_IsTheInnerOne()
    {
        ModelProto model = NestedModel();
        GraphProto inner = model.Graph.Node[1].Attribute[0].G;
        inner.Initializer.Add(TensorWriter.Float32("W", [2, 2], [9f, 9, 9, 9]));
        GraphIndex index = new(model);

        Assert.Same(inner.Initializer[0], index.ScopeOf(inner).Find("W")!.Initializer);
        Assert.Equal(["MatMul 'n_a'"], index.Main.Find("W")!.Uses.Select(use => NodeNames.Of(use.Node)));
    }

    [Fact]
    public void Find_InAFunction_SeesItsOwnNamesOnly()
    {
        GraphScope function = new GraphIndex(NestedModel()).Scopes[^1];

        Assert.Null(function.Find("W"));
        Assert.Equal(ValueKind.Input, function.Find("p")!.Kind);
        Assert.Null(function.Find(""));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(8, true)]
    public void IsOverridable_InitializerThatIsAnInput_DependsOnTheIrVersion(long irVersion, bool expected)
    {
        ModelProto model = TestModels.Linear(2, 2, i => i);
        model.IrVersion = irVersion;
        model.Graph.Input.Add(TestModels.Value("W", DataType.Float, 2, 2));
        GraphScope main = new GraphIndex(model).Main;

        Assert.Equal(ValueKind.Initializer, main.Find("W")!.Kind);
        Assert.True(main.Find("W")!.IsAlsoInput);
        Assert.Equal(expected, main.Find("W")!.IsOverridable);
        Assert.False(main.Find("b")!.IsOverridable);
    }

    [Fact]
    public void TopologicalOrder_ShuffledNodes_ComeAfterWhatTheyRead()
    {
        ModelProto model = NestedModel();
        NodeProto first = model.Graph.Node[0];
        model.Graph.Node.RemoveAt(0);
        model.Graph.Node.Add(first);
        GraphIndex index = new(model);

        // The If reads 'a' inside its branch only, so the order hangs on names that cross into subgraphs.
        Assert.Equal(["If 'n_y'", "MatMul 'n_a'"], index.Main.Nodes.Select(NodeNames.Of));
        Assert.Equal(["MatMul 'n_a'", "If 'n_y'"], TopologicalOrder.Of(index.Main, out _)!.Select(NodeNames.Of));
    }

    /// <summary>
    /// a = x W; y = If(c) { i1 = x W; If(c) { j1 = x W } else { hands 'a' on } } else { Identity(a) }; and a function.
    /// </summary>
    private static ModelProto NestedModel()
    {
        GraphProto innermost = Branch("j", TestModels.Node("MatMul", ["x", "W"], ["j1"]), "j1");
        GraphProto handsOn = new() { Name = "k" };
        handsOn.Output.Add(TestModels.Value("a", DataType.Float, 2));
        GraphProto then = Branch("i", TestModels.Node("MatMul", ["x", "W"], ["i1"]), "i2");
        then.Node.Add(
            TestModels.Node(
                "If",
                ["c"],
                ["i2"],
                TestModels.Graph("then_branch", innermost),
                TestModels.Graph("else_branch", handsOn)));
        GraphProto otherwise = Branch("e", TestModels.Node("Identity", ["a"], ["e1"]), "e1");

        GraphProto main = new() { Name = "main" };
        main.Input.Add(TestModels.Value("x", DataType.Float, 2));
        main.Input.Add(TestModels.Value("c", DataType.Bool));
        main.Output.Add(TestModels.Value("y", DataType.Float, 2));
        main.Initializer.Add(TensorWriter.Float32("W", [2, 2], [1f, 2, 3, 4]));
        main.Node.Add(TestModels.Node("MatMul", ["x", "W"], ["a"]));
        main.Node.Add(
            TestModels.Node(
                "If", ["c"], ["y"], TestModels.Graph("then_branch", then), TestModels.Graph("else_branch", otherwise)));
        ModelProto model = TestModels.Model(main);
        FunctionProto function = new() { Domain = "d", Name = "f", Input = { "p" }, Output = { "q" } };
        function.Node.Add(TestModels.Node("Identity", ["p"], ["q"]));
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        model.Functions.Add(function);
        return model;
    }

    private static GraphProto Branch(string name, NodeProto node, string output)
    {
        GraphProto graph = new() { Name = name };
        graph.Node.Add(node);
        graph.Output.Add(TestModels.Value(output, DataType.Float, 2));
        return graph;
    }
}
