namespace FlatLearning.OnnxRuntime.Tests;

public sealed class BoundRunTests
{
    [Fact]
    public void Run_ManyTimes_NeitherFailsNorKeepsOutputs()
    {
        // 4 MB of output a run: 2000 of them kept would be 8 GB.
        using InferenceSession session =
            InferenceSession.Open(OrtEnvironment.Default, TinyModel.Identity(TensorElementType.Float));
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
    public void Run_SessionDisposedMeanwhile_GoesOn()
    {
        InferenceSession session =
            InferenceSession.Open(OrtEnvironment.Default, TinyModel.Identity(TensorElementType.Float));
        using BoundRun run = session.Bind(Input(3));
        session.Dispose();
        run.Run();
    }

    [Fact]
    public void Run_Disposed_Throws()
    {
        using InferenceSession session =
            InferenceSession.Open(OrtEnvironment.Default, TinyModel.Identity(TensorElementType.Float));
        BoundRun run = session.Bind(Input(3));
        run.Dispose();
        run.Dispose();
        Assert.Throws<ObjectDisposedException>(run.Run);
    }

    [Fact]
    public void Bind_DisposedSession_Throws()
    {
        InferenceSession session =
            InferenceSession.Open(OrtEnvironment.Default, TinyModel.Identity(TensorElementType.Float));
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Bind(Input(3)));
    }

    [Fact]
    public void Bind_WrongInputs_Throws()
    {
        using InferenceSession session =
            InferenceSession.Open(OrtEnvironment.Default, TinyModel.Identity(TensorElementType.Float));
        Assert.Contains(
            "'z'",
            Assert.Throws<OrtException>(
                () => session.Bind(
                    new Dictionary<string, OrtTensor> {
                        ["z"] = OrtTensor.Allocate(TensorElementType.Float, 1, 3) })).Message,
            StringComparison.Ordinal);
        Assert.Throws<OrtException>(() => session.Bind(new Dictionary<string, OrtTensor>()));
    }

    [Fact]
    public void Run_ShapeThatTheModelRefuses_Throws()
    {
        using InferenceSession session =
            InferenceSession.Open(OrtEnvironment.Default, TinyModel.Identity(TensorElementType.Float));
        using BoundRun run = session.Bind(
            new Dictionary<string, OrtTensor> { ["x"] = OrtTensor.Allocate(TensorElementType.Float, 1, 4) });
        Assert.Throws<OrtException>(run.Run);
        Assert.Throws<OrtException>(run.Run);
    }

    private static Dictionary<string, OrtTensor> Input(int columns) => new()
    {
        ["x"] = OrtTensor.Allocate(TensorElementType.Float, Math.Max(columns / 3, 1), 3),
    };
}
