using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

/// <summary>The session setting <c>flat.activations=int8</c>: products of a few rows in whole numbers.</summary>
public sealed class ActivationTests
{
    private const int BlockInputs = 32;

    /// <summary>
    /// What the entries of a block may add up to; the kernel divides by it in float32, hence a little less here.
    /// </summary>
    private const double MaxSum = 32700 * (1 - 1e-5);

    private static readonly (int Rows, int Columns, int GroupWidth)[] Shapes = [
        (130, 384, 0), (64, 100, 104), (300, 200, 72), (96, 256, 128), (520, 300, 136), (34, 1000, 1024)];

    public static TheoryData<int, int> Codes
    {
        get
        {
            TheoryData<int, int> data = [];
            foreach (int bits in CodeCases.Bits)
            {
                for (int taps = 1; taps <= 4; taps++)
                {
                    data.Add(bits, taps);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Compute_RoundedActivations_StaysWithinHalfAUnitPerLookUp(int bits, int taps)
    {
        foreach ((int rows, int columns, int groupWidth) in Shapes)
        {
            DynWeight weight = WeightGenerator.Create(new WeightCase
            {
                Rows = rows,
                Columns = columns,
                GroupWidth = groupWidth,
                Bits = bits,
                Taps = taps,
                HasRowScale = taps % 2 == 0,
                Seed = bits + taps,
            });
            OrtTensor bias = Inputs.Random(bits, TensorElementType.Float, columns);
            ProductOracle oracle = new(weight, bias.ToDoubles()) { Slack = x => Rounding(weight, x.Span) };
            foreach (TensorElementType type in (TensorElementType[])[
                TensorElementType.Float, TensorElementType.Float16])
            {
                NodeModel model = NodeModel.Of(weight, bias);
                model.XType = type;
                using InferenceSession session = NativeHost.Open(model, activations: "int8");
                foreach (int batch in (int[])[1, 2, 5, 20])
                {
                    OrtTensor x = Inputs.Random(batch, type, batch, rows);
                    Assert.True(oracle.Check(x, NativeHost.Run(session, x)) <= 1);
                }
            }
        }
    }

    [Fact]
    public void Compute_RoundedActivations_AreRoundedWhereTheProcessorCan()
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Rows = 512, Columns = 256, Bits = 4, Taps = 2 });
        OrtTensor x = Inputs.Random(1, TensorElementType.Float, 1, weight.Rows);
        using InferenceSession exact = NativeHost.Open(NodeModel.Of(weight), activations: "float32");
        using InferenceSession rounded = NativeHost.Open(NodeModel.Of(weight), activations: "int8");
        bool same = NativeHost.Run(exact, x).Bytes.SequenceEqual(NativeHost.Run(rounded, x).Bytes);
        bool can = OperatingSystem.IsLinux() && Avx512DQ.VL.IsSupported;
        Assert.Equal(!can, same);
        string log = NativeHost.LogOf(NodeModel.Of(weight), "int8");
        Assert.Contains(
            can ? "codes of a few rows in whole numbers" : "no kernel in whole numbers", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Compute_BandsWithRoundedActivations_StayExactAndTheLogSaysSo(int batch)
    {
        DynWeight weight = BandCases.Weight([6, 5, 4, 3, 2], 700, 256, 64, 1);
        OrtTensor x = Inputs.Random(1, TensorElementType.Float, batch, weight.Rows);
        using InferenceSession exact = NativeHost.Open(NodeModel.Of(weight), activations: "float32");
        using InferenceSession rounded = NativeHost.Open(NodeModel.Of(weight), activations: "int8");
        Assert.Equal(NativeHost.Run(exact, x).Bytes.ToArray(), NativeHost.Run(rounded, x).Bytes.ToArray());
        Assert.Contains(
            "no kernel in whole numbers for these codes or this processor: float32",
            NativeHost.LogOf(NodeModel.Of(weight), "int8"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Compute_InputThatIsNotANumber_ReachesEveryColumn()
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Rows = 128, Columns = 128, Bits = 4 });
        using InferenceSession session = NativeHost.Open(NodeModel.Of(weight), activations: "int8");
        OrtTensor x = Inputs.Random(1, TensorElementType.Float, 1, weight.Rows);
        x.AsSpan<float>()[77] = float.NaN;
        Assert.All(NativeHost.Run(session, x).ToDoubles(), value => Assert.True(double.IsNaN(value)));
    }

    [Fact]
    public void Compute_RowOfZeros_GivesTheBias()
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Rows = 128, Columns = 128, Bits = 4 });
        OrtTensor bias = Inputs.Random(3, TensorElementType.Float, 128);
        using InferenceSession session = NativeHost.Open(NodeModel.Of(weight, bias), activations: "int8");
        OrtTensor y = NativeHost.Run(session, OrtTensor.Create(new float[128], 1, 128));
        Assert.Equal(bias.ToDoubles(), y.ToDoubles());
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
            "flat.activations is 'int9', expected 'float32' (the default) or 'int8'",
            message,
            StringComparison.Ordinal);
    }

    // Each look-up is rounded by at most half a unit; the unit of a block is its largest possible sum over MostSum.
    private static double Rounding(DynWeight weight, ReadOnlySpan<double> x)
    {
        Codebook codebook = weight.Codebook!;
        double error = 0;
        for (int first = 0; first < x.Length; first += BlockInputs)
        {
            int count = Math.Min(BlockInputs, x.Length - first);
            double max = 0;
            for (int t = 0; t < codebook.Taps; t++)
            {
                double largest = codebook.Table.Values.Skip(t * codebook.Levels)
                    .Take(codebook.Levels)
                    .Max(v => Math.Abs((double)v));
                for (int k = first + t; k < Math.Min(first + t + count, x.Length); k++)
                {
                    max += largest * Math.Abs(x[k] * (weight.RowScale?.Values[k] ?? 1.0));
                }
            }

            error += count * 0.5 * max / MaxSum;
        }

        return error;
    }
}
