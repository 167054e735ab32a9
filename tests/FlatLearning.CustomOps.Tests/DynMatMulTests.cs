using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

public sealed class DynMatMulTests
{
    private const int RandomWeights = 80;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(100, RandomWeights)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Compute_RandomWeight_AgreesWithReference(int seed)
    {
        DynWeight weight = WeightGenerator.Create(WeightGenerator.Draw(seed));
        using InferenceSession session = NativeHost.Open(NodeModel.Of(weight));
        OrtTensor x = Inputs.Random(seed, TensorElementType.Float, 1 + (seed % 6), weight.Rows);
        Assert.True(new ProductOracle(weight).Check(x, NativeHost.Run(session, x)) <= 1);
    }

    [Theory]
    [InlineData(TensorElementType.Float)]
    [InlineData(TensorElementType.Float16)]
    [InlineData(TensorElementType.BFloat16)]
    [InlineData(TensorElementType.Double)]
    public void Compute_TypesOfX_AgreeWithReference(TensorElementType type)
    {
        DynWeight weight = WeightGenerator.Create(
            new WeightCase { Rows = 100, Columns = 300, Bits = 4, Taps = 2, Metric = MetricKinds.DynL1 });
        OrtTensor bias = Inputs.Random(4, TensorElementType.Float, 300);
        NodeModel model = NodeModel.Of(weight, bias);
        model.XType = type;
        using InferenceSession session = NativeHost.Open(model);
        OrtTensor x = Inputs.Random(5, type, 7, 100);
        Assert.True(new ProductOracle(weight, bias.ToDoubles()).Check(x, NativeHost.Run(session, x)) <= 1);
    }

    [Theory]
    [InlineData(TensorElementType.Float)]
    [InlineData(TensorElementType.Float16)]
    [InlineData(TensorElementType.Double)]
    public void Compute_TypesOfBias_AgreeWithReference(TensorElementType type)
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Bits = 3 });
        OrtTensor bias = Inputs.Random(4, type, weight.Columns);
        using InferenceSession session = NativeHost.Open(NodeModel.Of(weight, bias));
        OrtTensor x = Inputs.Random(5, TensorElementType.Float, 3, weight.Rows);
        Assert.True(new ProductOracle(weight, bias.ToDoubles()).Check(x, NativeHost.Run(session, x)) <= 1);
    }

    [Theory]
    [InlineData(new long[] { 17 })]
    [InlineData(new long[] { 1, 17 })]
    [InlineData(new long[] { 300, 17 })]
    [InlineData(new long[] { 2, 3, 17 })]
    [InlineData(new long[] { 2, 1, 3, 2, 17 })]
    [InlineData(new long[] { 0, 17 })]
    [InlineData(new long[] { 2, 0, 3, 17 })]
    public void Compute_RanksAndEmptyBatches_KeepLeadingDimensions(long[] shape)
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Bits = 5, Taps = 3 });
        NodeModel model = NodeModel.Of(weight);
        model.XShape = null;
        using InferenceSession session = NativeHost.Open(model);
        OrtTensor x = Inputs.Random(1, TensorElementType.Float, shape);
        Assert.True(new ProductOracle(weight).Check(x, NativeHost.Run(session, x)) <= 1);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(5, 4)]
    [InlineData(17, 3)]
    [InlineData(40, 5)]
    [InlineData(300, 4)]
    public void Compute_AnyNumberOfThreads_GivesTheSameBits(int rows, int bits)
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Rows = 500, Columns = 1000, Bits = bits, Taps = 2 });
        OrtTensor x = Inputs.Random(1, TensorElementType.Float, rows, 500);
        AssertSameBits(weight, x);
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(2, 128)]
    [InlineData(3, 64)]
    [InlineData(300, 128)]
    [InlineData(40, 104)]
    public void Compute_BandsAndAnyNumberOfThreads_GivesTheSameBits(int rows, int groupWidth)
    {
        DynWeight weight = BandCases.Weight([6, 5, 4, 3, 2], 200, 4200, groupWidth, rows);
        AssertSameBits(weight, Inputs.Random(1, TensorElementType.Float, rows, 200));
    }

    private static void AssertSameBits(DynWeight weight, OrtTensor x)
    {
        byte[][] results = [.. new[] { 1, 2, 3, 7 }.Select(threads =>
        {
            using InferenceSession session = NativeHost.Open(NodeModel.Of(weight), threads);
            return NativeHost.Run(session, x).Bytes.ToArray();
        })];
        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    [Fact]
    public void Compute_EveryName_IsTheSameOperator()
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Bits = 2, Taps = 5 });
        OrtTensor x = Inputs.Random(1, TensorElementType.Float, 2, weight.Rows);
        for (int number = 0; number < DynOperator.NameCount; number++)
        {
            NodeModel model = NodeModel.Of(weight);
            model.OperatorName = DynOperator.NameOf(number);
            using InferenceSession session = NativeHost.Open(model);
            Assert.True(new ProductOracle(weight).Check(x, NativeHost.Run(session, x)) <= 1);
        }
    }

    [Fact]
    public void Load_NodeInFrontOfAnother_InfersTypeAndShapeOfItsOutput()
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Bits = 4 });
        NodeModel model = NodeModel.Of(weight);
        model.FollowedByCast = true;
        model.XType = TensorElementType.Float16;
        model.XShape = ["batch", 3L, (long)weight.Rows];
        using InferenceSession session = NativeHost.Open(model);
        Assert.Equal($"z: float[batch,3,{weight.Columns}]", ValueDescription.Outputs(session)[0].ToString());
    }

    [Fact]
    public void Register_OnThisProcessor_UsesTheSiblingWhereItCan()
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Bits = 4 });
        using InferenceSession session = NativeHost.Open(NodeModel.Of(weight));
        bool loaded = OperatingSystem.IsLinux()
            && File.ReadAllText("/proc/self/maps").Contains(NativeHost.SiblingPath, StringComparison.Ordinal);
        Assert.Equal(OperatingSystem.IsLinux() && Avx512DQ.VL.IsSupported, loaded);
    }
}
