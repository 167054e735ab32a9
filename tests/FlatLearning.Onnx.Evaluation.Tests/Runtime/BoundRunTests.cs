using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Tests.Runtime;

public sealed class BoundRunTests
{
    [Fact]
    public void Run_ManyTimes_NeitherFailsNorKeepsOutputs()
    {
        // 4 MB of output a run: 2000 of them kept would be 8 GB.
        using InferenceSession session = TinyModel.Open(TinyModel.Identity(TensorElementType.Float));
        using BoundRun run = session.Bind(Input(1 << 20));
        run.Run();
        long before = Environment.WorkingSet;
        for (int i = 0; i < 2000; i++)
        {
            run.Run();
        }

        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 1L << 30);
    }

    [Fact]
    public void Run_WrongInputs_Throws()
    {
        using InferenceSession session = TinyModel.Open(TinyModel.Identity(TensorElementType.Float));
        using BoundRun unknown = session.Bind(
            new Dictionary<string, OrtTensor> { ["z"] = OrtTensor.Allocate(TensorElementType.Float, 1, 3) });
        Assert.Contains("'z'", Assert.Throws<OnnxRuntimeException>(unknown.Run).Message, StringComparison.Ordinal);
        using BoundRun none = session.Bind(new Dictionary<string, OrtTensor>());
        Assert.Throws<OnnxRuntimeException>(none.Run);
    }

    [Fact]
    public void Run_ShapeThatTheModelRefuses_Throws()
    {
        using InferenceSession session = TinyModel.Open(TinyModel.Identity(TensorElementType.Float));
        using BoundRun run = session.Bind(
            new Dictionary<string, OrtTensor> { ["x"] = OrtTensor.Allocate(TensorElementType.Float, 1, 4) });
        Assert.Throws<OnnxRuntimeException>(run.Run);
        Assert.Throws<OnnxRuntimeException>(run.Run);
    }

    private static Dictionary<string, OrtTensor> Input(int columns) => new()
    {
        ["x"] = OrtTensor.Allocate(TensorElementType.Float, Math.Max(columns / 3, 1), 3),
    };
}
