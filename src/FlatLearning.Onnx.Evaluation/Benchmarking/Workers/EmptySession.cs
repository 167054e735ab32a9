using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Proto;
using Google.Protobuf;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>The smallest model, to make ONNX Runtime set up what it keeps for all sessions of a process.</summary>
internal static class EmptySession
{
    private const int IrVersion = 7;

    /// <summary>Loads y = x, and unloads it.</summary>
    public static void OpenAndClose(int threads)
    {
        TypeProto type = new() {
            TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float,
                Shape = new TensorShapeProto() } };
        NodeProto node = new() { OpType = "Identity", Input = { "x" }, Output = { "y" } };
        ModelProto model = new()
        {
            IrVersion = IrVersion,
            OpsetImport = { new OperatorSetIdProto { Version = StandardOpset.Oldest } },
            Graph = new GraphProto
            {
                Name = "empty",
                Node = { node },
                Input = { new ValueInfoProto { Name = "x", Type = type } },
                Output = { new ValueInfoProto { Name = "y", Type = type } },
            },
        };
        ModelRunner.Open(model.ToByteArray(), "(empty model)", new RunnerOptions { Threads = threads }).Dispose();
    }
}
