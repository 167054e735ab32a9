using System.Collections.Concurrent;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Numpy;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Tests.Portable;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>
/// Converted models on every version of ONNX Runtime in the compatibility matrix, against dense weights on the
/// package's.
/// </summary>
public sealed class OrtVersionTests
{
    private const int Rows = 4;

    // The same for every version.
    private static readonly ConcurrentDictionary<string, Lazy<Case>> Cases = [];

    [Theory]
    [OnVersion(OrtVersions.Package)]
    [OnVersion("1.30.0")]
    [OnVersion("1.23.2")]
    [OnVersion("1.20.1")]
    [OnVersion("1.17.3")]
    public void Lenet5_Codes_RunsWithAndWithoutLibrary(string version) =>
        Agrees(version, Sample("lenet5", new UniformCodesPlan { Bits = 4 }));

    [Theory]
    [OnVersion(OrtVersions.Package)]
    [OnVersion("1.30.0")]
    [OnVersion("1.23.2")]
    [OnVersion("1.20.1")]
    [OnVersion("1.17.3")]
    public void CharTransformer_Codes_RunsWithAndWithoutLibrary(string version) =>
        Agrees(version, Sample("char-transformer", new UniformCodesPlan { Bits = 3 }));

    [Theory]
    [OnVersion(OrtVersions.Package)]
    [OnVersion("1.30.0")]
    [OnVersion("1.23.2")]
    [OnVersion("1.20.1")]
    [OnVersion("1.17.3")]
    public void Generated_Riem_RunsWithAndWithoutLibrary(string version) =>
        Agrees(
            version,
            Generated(new RiemPlan { StateDim = 10, Shifts = 3, Width = 4, Seconds = 0.2 }));

    [Theory]
    [OnVersion(OrtVersions.Package)]
    [OnVersion("1.30.0")]
    [OnVersion("1.23.2")]
    [OnVersion("1.20.1")]
    [OnVersion("1.17.3")]
    public void Generated_Dyn_RunsWithAndWithoutLibrary(string version)
    {
        foreach (string method in (string[])[MetricKinds.DynL1, MetricKinds.DynL2, MetricKinds.DynInverseL2])
        {
            Agrees(version, Generated(new DynPlan(method) { StateDim = 10, Seconds = 0.2 }));
        }
    }

    [Theory]
    [OnVersion(OrtVersions.Package, 26)]
    [OnVersion("1.30.0", 26)]
    [OnVersion("1.23.2", 23)]
    [OnVersion("1.20.1", 21)]
    [OnVersion("1.17.3", 20)]
    [OnVersion("1.17.3", 7)]
    public void Generated_NewestAndOldestOpset_RunsWithAndWithoutLibrary(string version, int opset)
    {
        ModelBuilder builder = new ModelBuilder(opset).Input("x", DataType.Float, 60, 4)
            .Weight("W", DataType.Float, 80, 60)
            .Weight("U", DataType.Float, 4, 640)
            .Weight("c", DataType.Float, 640)
            .Node("MatMul", ["W", "x"], "a").Node("Tanh", ["a"], "t").Node("Gemm", ["t", "U", "c"], "y").Output("y");

        Agrees(version, Case.Of(builder.Model, builder.Feeds, new UniformCodesPlan { Bits = 4 }));
    }

    private static Case Generated(MetricPlan plan) => Known($"generated {plan.Kind}", () =>
    {
        ModelBuilder builder = new ModelBuilder(13).Input("x", DataType.Float, 2, 3, 60).Smooth("W", 60, 70)
            .Smooth("U", 70, 90).Smooth("T", 64, 90).Weight("b", DataType.Float, 64).Integers("flat", -1, 90)
            .Node("MatMul", ["x", "W"], "a").Node("MatMul", ["a", "U"], "r").Node("Reshape", ["r", "flat"], "f")
            .Node("Gemm", ["f", "T", "b"], "y", TestModels.Int("transB", 1)).Output("y");
        return Case.Of(builder.Model, builder.Feeds, plan);
    });

    private static Case Sample(string sample, WeightPlan plan) => Known(sample, () =>
    {
        string folder = Path.Combine(Repository.Root, "models", sample);
        OnnxModel model = OnnxModelFile.Load(Path.Combine(folder, sample.Replace('-', '_') + ".onnx"));
        NpzArchive archive = NpzFile.Read(Path.Combine(folder, "test.npz"));
        Dictionary<string, OrtTensor> feeds = model.Proto.Graph.Input.ToDictionary(
            input => input.Name, input => First(archive.Arrays.Single(pair => pair.Key == input.Name).Value));
        return Case.Of(model, feeds, plan);
    });

    private static Case Known(string name, Func<Case> make) =>
        Cases.GetOrAdd(name, _ => new Lazy<Case>(make)).Value;

    private static void Agrees(string version, Case converted)
    {
        IOnnxRuntime runtime = OrtVersions.Open(version);

        ConversionCheck.Near(
            $"portable on {version}",
            Run(runtime, converted.Model, converted.Feeds, null),
            converted.Expected,
            ConversionCheck.RoundingTolerance);
        ConversionCheck.Near(
            $"library on {version}",
            Run(runtime, converted.Model, converted.Feeds, OrtRun.Library),
            converted.Expected,
            ConversionCheck.RoundingTolerance);
    }

    private static IReadOnlyList<OrtTensor> Run(
        IOnnxRuntime runtime, ModelProto model, Dictionary<string, OrtTensor> feeds, string? library)
    {
        using IOnnxSession session = runtime.Open(model.ToByteArray(), library);
        return session.Run(feeds);
    }

    /// <summary>The first rows of an array.</summary>
    private static OrtTensor First(NpyArray array)
    {
        long[] dims = [Rows, .. array.Dims[1..]];
        int bytes = (int)(array.Data.Length / array.Dims[0] * Rows);
        return OrtTensor.FromBytes((TensorElementType)array.Type, array.Data.AsSpan(0, bytes), dims);
    }

    /// <summary>A converted model, inputs, and what its dense weights give for them.</summary>
    private sealed record Case(ModelProto Model, Dictionary<string, OrtTensor> Feeds, IReadOnlyList<OrtTensor> Expected)
    {
        public static Case Of(OnnxModel original, Dictionary<string, OrtTensor> feeds, WeightPlan plan)
        {
            ConvertedModel converted = ModelConverter.Convert(original, ConversionCheck.Options with { Plan = plan });
            Assert.True(converted.Portable, string.Join("; ", converted.Notes));
            Assert.Contains(converted.Weights, weight => weight.SkippedReason is null);
            return new Case(
                converted.Model.Proto, feeds, OrtRun.Alone(ModelRestorer.Restore(converted.Model).Proto, feeds));
        }
    }
}
