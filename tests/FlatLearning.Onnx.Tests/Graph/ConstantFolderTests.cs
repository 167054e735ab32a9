using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Graph;

/// <summary>Which values are constants, why others are not, and chains of operators.</summary>
public sealed class ConstantFolderTests
{
    [Fact]
    public void Find_EveryKindOfValue_SaysWhatItIs()
    {
        GraphProto graph = TestModels.Identity().Graph;
        graph.Initializer.Add(TensorWriter.Float32("dense", [2], [1f, 2]));
        graph.Initializer.Add(TensorWriter.Float32("given", [2], [1f, 2]));
        graph.Input.Add(TestModels.Value("given", DataType.Float, 2));
        graph.SparseInitializer.Add(new SparseTensorProto
        {
            Values = TensorWriter.Float32("sparse", [1], [7f]),
            Indices = TensorWriter.Int64("", [1], [1]),
            Dims = { 2 },
        });
        graph.Initializer.Add(new TensorProto { Name = "text", DataType = (int)DataType.String });
        graph.Node.Add(TestModels.Node("Relu", ["dense"], ["computed"]));
        graph.Node.Add(TestModels.Node("Transpose", ["x"], ["moved"]));
        graph.Node.Add(TestModels.Node("Identity", ["dense"], ["same"]));
        graph.Node.Add(TestModels.Node("Identity", ["given"], ["sameGiven"]));
        graph.Node.Add(TestModels.Node("Identity", ["round2"], ["round1"]));
        graph.Node.Add(TestModels.Node("Identity", ["round1"], ["round2"]));
        NodeProto foreign = TestModels.Node("Identity", ["dense"], ["foreign"]);
        foreign.Domain = "com.example";
        graph.Node.Add(foreign);
        ConstantFolder folder = Folder(graph);

        Assert.Equal([1f, 2], Read(folder, "dense").ToSingles());
        Assert.Equal([0f, 7], Read(folder, "sparse").ToSingles());
        Assert.Equal([1f, 2], Read(folder, "same").ToSingles());
        AssertNot(folder, "x", NotConstantReason.Input);
        AssertNot(folder, "given", NotConstantReason.Overridable);
        AssertNot(folder, "nowhere", NotConstantReason.Undefined);
        foreach (string name in (string[])["computed", "moved", "sameGiven", "round1", "round2", "foreign"])
        {
            AssertNot(folder, name, NotConstantReason.Computed);
        }

        ConstantValue text = folder.Find(folder.Index.Main, "text", out _)!;
        Assert.Null(folder.Read(text, out NotConstantReason reason));
        Assert.Equal(NotConstantReason.NotNumeric, reason);
    }

    [Fact]
    public void Read_ConstantNodes_InEveryAttribute()
    {
        GraphProto graph = TestModels.Identity().Graph;
        AttributeProto floats = new() { Name = "value_floats", Floats = { 1.5f, 2.5f } };
        SparseTensorProto sparse = new() { Values = TensorWriter.Float32("", [1], [7f]),
            Indices = TensorWriter.Int64("", [1], [1]), Dims = { 2 } };
        graph.Node.Add(
            TestModels.Node(
                "Constant", [], ["t"], TestModels.Tensor("value", TensorWriter.Float32("", [1, 2], [3f, 4]))));
        graph.Node.Add(
            TestModels.Node(
                "Constant", [], ["s"], new AttributeProto { Name = "sparse_value", SparseTensor = sparse }));
        graph.Node.Add(TestModels.Node("Constant", [], ["f"], new AttributeProto { Name = "value_float", F = 0.5f }));
        graph.Node.Add(TestModels.Node("Constant", [], ["fs"], floats));
        graph.Node.Add(TestModels.Node("Constant", [], ["i"], TestModels.Int("value_int", -3)));
        graph.Node.Add(TestModels.Node("Constant", [], ["is"], TestModels.Ints("value_ints", 4, 5)));
        graph.Node.Add(TestModels.Node("Constant", [], ["str"], new AttributeProto { Name = "value_string" }));
        ConstantFolder folder = Folder(graph);

        AssertTensor(Read(folder, "t"), DataType.Float, [1, 2], 3, 4);
        AssertTensor(Read(folder, "s"), DataType.Float, [2], 0, 7);
        AssertTensor(Read(folder, "f"), DataType.Float, [], 0.5);
        AssertTensor(Read(folder, "fs"), DataType.Float, [2], 1.5, 2.5);
        AssertTensor(Read(folder, "i"), DataType.Int64, [], -3);
        AssertTensor(Read(folder, "is"), DataType.Int64, [2], 4, 5);
        Assert.Null(folder.Read(folder.Find(folder.Index.Main, "str", out _)!, out NotConstantReason reason));
        Assert.Equal(NotConstantReason.NotNumeric, reason);
    }

    [Fact]
    public void Read_ChainInASubgraphOverOuterNames_FollowsThemOut()
    {
        GraphProto inner = new() { Name = "inner" };
        inner.Node.Add(TestModels.Node("Transpose", ["half"], ["turned"]));
        inner.Node.Add(TestModels.Node("Cast", ["turned"], ["wide"], TestModels.Int("to", (long)DataType.Float)));
        inner.Node.Add(TestModels.Node("MatMul", ["x", "wide"], ["r"]));
        inner.Output.Add(TestModels.Value("r", DataType.Float, 2));
        GraphProto graph = TestModels.Identity().Graph;
        graph.Initializer.Add(TensorWriter.Float16("half", [2, 3], (ReadOnlySpan<float>)[1, 2, 3, 4, 5, 6]));
        graph.Node.Add(TestModels.Node("If", ["c"], ["z"], TestModels.Graph("then_branch", inner)));
        ConstantFolder folder = Folder(graph);
        ConstantValue constant = folder.Find(folder.Index.ScopeOf(inner), "wide", out NotConstantReason reason)!;

        Assert.Equal(NotConstantReason.None, reason);
        Assert.Equal("half", constant.Root.Name);
        Assert.Equal(["Transpose", "Cast"], constant.Chain.Select(node => node.OpType));
        Assert.Equal(["half"], constant.Leaves.Select(leaf => leaf.Name));
        AssertTensor(folder.Read(constant, out _)!, DataType.Float, [3, 2], 1, 4, 2, 5, 3, 6);
    }

    [Fact]
    public void Find_AttributeFromTheFunctionsCall_IsNotFolded()
    {
        NodeProto node =
            TestModels.Node("Transpose", ["c"], ["t"], new AttributeProto { Name = "perm", RefAttrName = "order" });
        FunctionProto function = new() { Domain = "d", Name = "f", Output = { "t" } };
        function.Node.Add(
            TestModels.Node(
                "Constant", [], ["c"], TestModels.Tensor("value", TensorWriter.Float32("", [1, 2], [3f, 4]))));
        function.Node.Add(node);
        ModelProto model = TestModels.Identity();
        model.Functions.Add(function);
        GraphIndex index = new(model);
        ConstantFolder folder = new(new OnnxModel(model), index);

        Assert.NotNull(folder.Find(index.Scopes[1], "c", out _));
        Assert.Null(folder.Find(index.Scopes[1], "t", out NotConstantReason reason));
        Assert.Equal(NotConstantReason.NotFoldable, reason);
    }

    [Fact]
    public void Find_ChainThatDoublesAtEveryStep_IsGivenUpInsteadOfUnrolled()
    {
        GraphProto graph = TestModels.Identity().Graph;
        graph.Initializer.Add(TensorWriter.Int64("r0", [1], [1]));
        for (int i = 0; i < 60; i++)
        {
            graph.Node.Add(TestModels.Node("Reshape", [$"r{i}", $"r{i}"], [$"r{i + 1}"]));
        }

        ConstantFolder folder = Folder(graph);
        AssertTensor(Read(folder, "r3"), DataType.Int64, [1], 1);
        Assert.Null(folder.Find(folder.Index.Main, "r60", out _));
    }

    [SharedFact]
    public void Find_WeightsOfRealModels_AreConstantsOfTheRightSize()
    {
        int weights = 0;
        foreach (string path in SharedModels.Paths)
        {
            OnnxModel model = OnnxModelFile.Load(path);
            GraphIndex index = new(model.Proto);
            ConstantFolder folder = new(model, index);
            foreach (GraphScope scope in index.Scopes)
            {
                foreach (NodeProto node in scope.Nodes.Where(node => node.OpType is "MatMul" or "Gemm" or "Conv"))
                {
                    if (folder.Find(scope, node.Input[1], out _) is { } constant)
                    {
                        DenseTensor value = folder.Read(constant, out _)!;
                        Assert.True(
                            value.Dims.Length >= 1 && value.Count > 0 && !double.IsNaN(value[value.Count - 1]),
                            NodeNames.Of(node));
                        weights++;
                    }
                }
            }
        }

        // Counted with python3-onnx over the same folder, by a walk of its own over the same operators.
        Assert.Equal(245, weights);
    }

    internal static ConstantFolder Folder(GraphProto graph)
    {
        ModelProto model = TestModels.Model(graph);
        return new ConstantFolder(new OnnxModel(model), new GraphIndex(model));
    }

    internal static DenseTensor Read(ConstantFolder folder, string name)
    {
        ConstantValue? constant = folder.Find(folder.Index.Main, name, out NotConstantReason found);
        Assert.Equal(NotConstantReason.None, found);
        DenseTensor? value = folder.Read(constant!, out NotConstantReason reason);
        Assert.Equal(NotConstantReason.None, reason);
        return value!;
    }

    internal static void AssertTensor(DenseTensor tensor, DataType type, long[] dims, params double[] elements)
    {
        Assert.Equal(type, tensor.Type);
        Assert.Equal(dims, tensor.Dims);
        Assert.Equal(elements, tensor.ToDoubles());
    }

    private static void AssertNot(ConstantFolder folder, string name, NotConstantReason expected)
    {
        Assert.Null(folder.Find(folder.Index.Main, name, out NotConstantReason reason));
        Assert.Equal(expected, reason);
    }
}
