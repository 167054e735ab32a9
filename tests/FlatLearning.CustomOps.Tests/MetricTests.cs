using FlatLearning.Dyn;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

public sealed class MetricTests
{
    public static TheoryData<int> DistanceCases => [.. Enumerable.Range(0, MetricCases.Distances().Count())];

    public static TheoryData<int> SmoothCases => [.. Enumerable.Range(0, MetricCases.Smooth().Count())];

    [Theory]
    [MemberData(nameof(DistanceCases))]
    public void Compute_DynL1ByPrefixSums_AgreesWithReference(int index)
    {
        DynWeight weight = MetricCases.Distances().ElementAt(index);
        Assert.Contains(
            "dyn-l1 metric: distances by bucket and prefix sums",
            NativeHost.LogOf(NodeModel.Of(weight)),
            StringComparison.Ordinal);
        CheckAll(weight, new ProductOracle(weight), TensorElementType.Float);
    }

    [Theory]
    [InlineData(TensorElementType.Float16)]
    [InlineData(TensorElementType.BFloat16)]
    [InlineData(TensorElementType.Double)]
    public void Compute_MetricBesideCodesOfOtherTypes_AgreesWithReference(TensorElementType type)
    {
        DynWeight weight = MetricCases.Distances().First(w => w.Codes is not null);
        CheckAll(weight, new ProductOracle(weight), type);
    }

    [Theory]
    [MemberData(nameof(SmoothCases))]
    public void Compute_SmoothMetricByFactors_AgreesWithReference(int index)
    {
        DynWeight weight = MetricCases.Smooth().ElementAt(index);
        Assert.Contains(
            "riem metric: factors of rank", NativeHost.LogOf(NodeModel.Of(weight)), StringComparison.Ordinal);

        CheckAll(
            weight,
            new ProductOracle(weight) { Slack = x => Slacks.Factors(weight, x.Span) },
            TensorElementType.Float);
    }

    [Fact]
    public void Compute_RoughMetric_IsDecodedByTilesOrKept()
    {
        WeightCase rough = new() { Rows = 600, Columns = 600, Metric = MetricKinds.DynL2, StateDim = 1 };
        Assert.Contains(
            "decoded by tiles in every run",
            NativeHost.LogOf(NodeModel.Of(WeightGenerator.Create(rough))),
            StringComparison.Ordinal);
        DynWeight small = WeightGenerator.Create(rough with { Rows = 130, Columns = 70 });
        Assert.Contains("decoded once and kept", NativeHost.LogOf(NodeModel.Of(small)), StringComparison.Ordinal);
        CheckAll(small, new ProductOracle(small), TensorElementType.Float);
    }

    [Fact]
    public void Compute_MetricsOnAnyNumberOfThreads_GiveTheSameBits()
    {
        foreach (DynWeight weight in MetricCases.Weights())
        {
            OrtTensor x = Inputs.Random(1, TensorElementType.Float, 7, weight.Rows);
            byte[][] results = [.. new[] { 1, 2, 3, 7 }.Select(threads =>
            {
                using InferenceSession session = NativeHost.Open(NodeModel.Of(weight), threads);
                return NativeHost.Run(session, x).Bytes.ToArray();
            })];
            Assert.All(results, result => Assert.Equal(results[0], result));
        }
    }

    [Fact]
    public void Run_MetricFromEightThreads_GivesEveryoneTheSameResult()
    {
        foreach (DynWeight weight in MetricCases.Weights())
        {
            using InferenceSession session = NativeHost.Open(NodeModel.Of(weight));
            OrtTensor x = Inputs.Random(1, TensorElementType.Float, 3, weight.Rows);
            byte[] expected = NativeHost.Run(session, x).Bytes.ToArray();
            int wrong = 0;
            Parallel.For(0, 80, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
            {
                if (!NativeHost.Run(session, x).Bytes.SequenceEqual(expected))
                {
                    Interlocked.Increment(ref wrong);
                }
            });
            Assert.Equal(0, wrong);
        }
    }

    private static void CheckAll(DynWeight weight, ProductOracle oracle, TensorElementType type)
    {
        NodeModel model = NodeModel.Of(weight);
        model.XType = type;
        using InferenceSession session = NativeHost.Open(model);
        foreach (int batch in MetricCases.Batches)
        {
            OrtTensor x = Inputs.Random(batch, type, batch, weight.Rows);
            Assert.True(oracle.Check(x, NativeHost.Run(session, x)) <= 1);
        }
    }
}
