using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Support;

/// <summary>
/// Sound models that together use every part of the format which the readers look at: material to damage.
/// </summary>
internal static class GoodModels
{
    public const string SideFile = "w.bin";
    public const int SideFileBytes = 4096;

    /// <summary>Subgraphs, folded chains, typed and sparse and external data, a function, metadata.</summary>
    public static ModelProto Rich()
    {
        GraphProto inner = new() { Name = "inner" };
        inner.Initializer.Add(
            TensorWriter.Float16("h", [4, 4], Enumerable.Range(0, 16).Select(i => (Half)i).ToArray()));
        inner.Node.Add(TestModels.Node("Cast", ["h"], ["hf"], TestModels.Int("to", (long)DataType.Float)));
        inner.Node.Add(TestModels.Node("MatMul", ["x", "hf"], ["r"]));
        inner.Output.Add(TestModels.Value("r", DataType.Float, 1, 4));

        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(TestModels.Value("x", DataType.Float, 1, 4));
        graph.Input.Add(TestModels.Value("c", DataType.Bool));
        graph.Output.Add(TestModels.Value("y", DataType.Float, 1, 4));
        TensorProto typed = new() { Name = "q", DataType = (int)DataType.Int8, Dims = { 4, 4 } };
        typed.Int32Data.AddRange(Enumerable.Range(-8, 16));
        graph.Initializer.Add(typed);
        graph.Initializer.Add(TensorWriter.Float32("scale", [4], [0.5f, 1, 2, 4]));
        graph.Initializer.Add(TensorWriter.Int64("shape", [2], [0, -1]));
        graph.Initializer.Add(
            TestModels.External(
                "e", DataType.Float, [4, 4], ("location", SideFile), ("offset", "64"), ("length", "64")));
        graph.SparseInitializer.Add(new SparseTensorProto
        {
            Values = TensorWriter.Float32("s", [2], [3f, 5]),
            Indices = TensorWriter.Int64("si", [2, 2], [0, 1, 3, 2]),
            Dims = { 4, 4 },
        });
        graph.Node.Add(TestModels.Node("DequantizeLinear", ["q", "scale"], ["qf"], TestModels.Int("axis", 0)));
        graph.Node.Add(TestModels.Node("Transpose", ["qf"], ["qt"], TestModels.Ints("perm", 1, 0)));
        graph.Node.Add(TestModels.Node("Reshape", ["qt", "shape"], ["qr"]));
        graph.Node.Add(
            TestModels.Node(
                "Constant", [], ["k"], TestModels.Tensor("value", TensorWriter.Float32("", [4], [1f, 2, 3, 4]))));
        graph.Node.Add(TestModels.Node("Unsqueeze", ["k"], ["ku"], TestModels.Ints("axes", 0)));
        graph.Node.Add(TestModels.Node("MatMul", ["x", "qr"], ["a"]));
        graph.Node.Add(TestModels.Node("Gemm", ["a", "e", "ku"], ["b"]));
        graph.Node.Add(TestModels.Node("MatMul", ["b", "s"], ["d"]));
        graph.Node.Add(
            TestModels.Node(
                "If",
                ["c"],
                ["i"],
                TestModels.Graph("then_branch", inner),
                TestModels.Graph("else_branch", inner.Clone())));
        NodeProto call = TestModels.Node("Twice", ["i"], ["y"]);
        call.Domain = "own";
        graph.Node.Add(call);

        ModelProto model = TestModels.Model(graph);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        FunctionProto function = new() { Domain = "own", Name = "Twice", Input = { "p" }, Output = { "q" } };
        function.Node.Add(TestModels.Node("Add", ["p", "p"], ["q"]));
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        model.Functions.Add(function);
        model.MetadataProps.Add(new StringStringEntryProto { Key = "made", Value = "by a test" });
        return model;
    }
}
