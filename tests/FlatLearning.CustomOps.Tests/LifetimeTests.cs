using FlatLearning.Dyn;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

public sealed class LifetimeTests
{
    [Fact]
    public void Sessions_TwoAtOnce_DoNotDisturbEachOther()
    {
        DynWeight first = WeightGenerator.Create(new WeightCase { Bits = 4, Seed = 1 });
        DynWeight second = WeightGenerator.Create(new WeightCase { Bits = 3, Taps = 2, Seed = 2 });
        using InferenceSession a = NativeHost.Open(NodeModel.Of(first));
        InferenceSession b = NativeHost.Open(NodeModel.Of(second));
        OrtTensor x = Inputs.Random(1, TensorElementType.Float, 4, first.Rows);
        Assert.True(new ProductOracle(first).Check(x, NativeHost.Run(a, x)) <= 1);
        Assert.True(new ProductOracle(second).Check(x, NativeHost.Run(b, x)) <= 1);
        b.Dispose();
        Assert.True(new ProductOracle(first).Check(x, NativeHost.Run(a, x)) <= 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    public void Run_FromEightThreads_GivesEveryoneTheSameResult(int rows)
    {
        const int Threads = 8;
        const int Runs = 50;
        DynWeight weight = WeightGenerator.Create(new WeightCase { Rows = 200, Columns = 300, Bits = 4, Taps = 2 });
        using InferenceSession session = NativeHost.Open(NodeModel.Of(weight));
        OrtTensor x = Inputs.Random(1, TensorElementType.Float, rows, weight.Rows);
        OrtTensor expected = NativeHost.Run(session, x);
        Assert.True(new ProductOracle(weight).Check(x, expected) <= 1);
        int wrong = 0;
        Parallel.For(0, Threads * Runs, new ParallelOptions { MaxDegreeOfParallelism = Threads }, _ =>
        {
            if (!NativeHost.Run(session, x).Bytes.SequenceEqual(expected.Bytes))
            {
                Interlocked.Increment(ref wrong);
            }
        });
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Library_RegisteredTwiceWithOneSession_IsRefusedByTheHost()
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Bits = 4 });
        using SessionOptions options = OrtRuntime.Options();
        options.RegisterCustomOpLibrary(NativeHost.LibraryPath);
        options.RegisterCustomOpLibrary(NativeHost.LibraryPath);
        OnnxRuntimeException e = Assert.Throws<OnnxRuntimeException>(
            () => new InferenceSession(NodeModel.Of(weight).ToBytes(), options).Dispose());
        Assert.Contains("Domain already set", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Library_RegisteredForEverySession_Works()
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Bits = 4 });
        OrtTensor x = Inputs.Random(1, TensorElementType.Float, 4, weight.Rows);
        for (int i = 0; i < 3; i++)
        {
            using InferenceSession session = NativeHost.Open(NodeModel.Of(weight));
            Assert.True(new ProductOracle(weight).Check(x, NativeHost.Run(session, x)) <= 1);
        }
    }

    [Fact]
    public void Sessions_HundredsOneAfterAnother_DoNotLeak()
    {
        // The kernel of this model holds over 130 KB in the library. Allocators and collectors of the process make
        // resident memory drift by some KB per session with any model, also without the library.
        const long MaxBytesPerSession = 32 * 1024;
        long growth = long.Parse(ChildProcess.Run("churn", "150", "300"));
        Assert.True(growth < MaxBytesPerSession, $"{growth} bytes per session");
    }

    [Fact]
    public void Sessions_OnFourThreadsWithCollections_DoNotCrash() =>
        Assert.Equal("done", ChildProcess.Run("threads", "4", "40"));

    [Theory]
    [InlineData("open")]
    [InlineData("disposed")]
    [InlineData("exit")]
    public void Host_ThatEnds_DoesNotCrash(string how) => Assert.Equal("left", ChildProcess.Run("leave", how));
}
