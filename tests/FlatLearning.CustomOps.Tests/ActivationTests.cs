using System.Runtime.InteropServices;
using FlatLearning.Dyn;
using FlatLearning.Kernels;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

/// <summary>The session setting <c>flat.activations</c>: products of a few rows in whole numbers.</summary>
public sealed class ActivationTests
{
    // Whether the library runs in its build for it.
    private static bool HasAvx512 =>
        OperatingSystem.IsLinux()
        && InstructionSets.Avx512.Missing() is null
        && Environment.GetEnvironmentVariable("FLAT_CUSTOM_OPS_VARIANT") != "avx2";

    [Fact]
    public void Compute_RoundedActivations_AreRoundedWhereTheProcessorCan()
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Rows = 512, Columns = 512, Bits = 4, Taps = 2 });
        OrtTensor x = Inputs.Random(1, TensorElementType.Float, 1, weight.Rows);
        using InferenceSession exact = NativeHost.Open(NodeModel.Of(weight), activations: "exact");
        using InferenceSession rounded = NativeHost.Open(NodeModel.Of(weight), activations: "int8");
        bool same = NativeHost.Run(exact, x).Bytes.SequenceEqual(NativeHost.Run(rounded, x).Bytes);
        bool can = InstructionSets.Avx2.Missing() is null;
        Assert.Equal(!can, same);
        string log = NativeHost.LogOf(NodeModel.Of(weight), "int8");
        Assert.Contains(
            can ? "codes of a few rows in whole numbers" : "no kernel in whole numbers", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [InlineData(4, 17)]
    [InlineData(5, 2)]
    [InlineData(6, 2)]
    public void Compute_UsualActivations_AddLittleToTheOutput(int bits, int rows)
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Rows = 512, Columns = 512, Bits = bits, Taps = 2 });
        OrtTensor x = Inputs.Random(rows, TensorElementType.Float, rows, weight.Rows);
        using InferenceSession exact = NativeHost.Open(NodeModel.Of(weight), activations: "exact");
        using InferenceSession usual = NativeHost.Open(NodeModel.Of(weight), activations: "fixed");
        float[] expected = MemoryMarshal.Cast<byte, float>(NativeHost.Run(exact, x).Bytes).ToArray();
        float[] found = MemoryMarshal.Cast<byte, float>(NativeHost.Run(usual, x).Bytes).ToArray();
        double error = expected.Zip(found, (a, b) => Math.Pow((double)a - b, 2)).Sum();
        Assert.InRange(Math.Sqrt(error / expected.Sum(v => (double)v * v)), 0, 2e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Compute_BandsWithRoundedActivations_StayExactWithAvx512AndTheLogSaysSo(int batch)
    {
        DynWeight weight = BandCases.Weight([6, 5, 4, 3, 2], 700, 256, 64, 1);
        OrtTensor x = Inputs.Random(1, TensorElementType.Float, batch, weight.Rows);
        using InferenceSession exact = NativeHost.Open(NodeModel.Of(weight), activations: "exact");
        using InferenceSession rounded = NativeHost.Open(NodeModel.Of(weight), activations: "int8");
        bool rounds = !HasAvx512 && InstructionSets.Avx2.Missing() is null;
        bool same = NativeHost.Run(exact, x).Bytes.SequenceEqual(NativeHost.Run(rounded, x).Bytes);
        Assert.Equal(!rounds || batch > 1, same);
        Assert.Contains(
            rounds
                ? "codes of a few rows in whole numbers"
                : "no kernel in whole numbers for these codes or this processor: float32",
            NativeHost.LogOf(NodeModel.Of(weight), "int8"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Compute_RoundedOnAnyNumberOfThreads_GivesTheSameBits(int bits)
    {
        DynWeight weight =
            WeightGenerator.Create(new WeightCase { Rows = 1200, Columns = 1024, Bits = bits, Taps = 2 });
        OrtTensor x = Inputs.Random(1, TensorElementType.Float, 2, weight.Rows);
        byte[][] results = [.. new[] { 1, 2, 3, 7 }.Select(threads =>
        {
            using InferenceSession session = NativeHost.Open(NodeModel.Of(weight), threads, activations: "int8");
            return NativeHost.Run(session, x).Bytes.ToArray();
        })];
        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Fact]
    public void Load_UnknownActivations_IsRefusedWithWhatIsKnown()
    {
        NodeModel model = NodeModel.Of(WeightGenerator.Create(new WeightCase { Bits = 4 }));
        string message =
            Assert.Throws<OnnxRuntimeException>(() => NativeHost.Open(model, activations: "int9").Dispose()).Message;
        Assert.Contains(
            "flat.activations is 'int9', expected 'fixed' (the default), 'exact' or 'int8'",
            message,
            StringComparison.Ordinal);
    }
}
