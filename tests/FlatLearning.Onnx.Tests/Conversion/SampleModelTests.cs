using FlatLearning.Fitting.Codes;
using System.Collections.Concurrent;
using System.Text.Json;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>What a conversion does to results, on the sample models and their held-out data.</summary>
public sealed class SampleModelTests
{
    // Measured: -0.0006 nats, 0.0037 nats, 0.027 dB. The bounds leave room for another processor's last digits and not
    // for a real loss.
    private const double LenetLoss = 0.001;
    private const double TransformerLoss = 0.006;
    private const double DenoiserLoss = 0.04;

    /// <summary>Figures by torch and by ONNX Runtime differ in the order of float32 sums.</summary>
    private const double ReferenceTolerance = 1e-5;

    private static readonly ConcurrentDictionary<(string Sample, int Bits), ComparisonReport> Known = new();

    public static TheoryData<string> Samples => ["lenet5", "char-transformer", "mask-denoiser"];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Original_OnHeldOutData_ReproducesTheReference(string sample)
    {
        using JsonDocument reference =
            JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(sample), "reference.json")));
        JsonElement root = reference.RootElement;
        TaskReport task = Measure(sample, 4).Task!;

        double? found = root.GetProperty("metric").GetString() switch
        {
            "nll" => task.NllOriginal,
            "top1" or "snr_db" => task.Original,
            string unknown => throw new InvalidOperationException($"reference.json has the metric '{unknown}'"),
            null => null,
        };

        Assert.Equal(root.GetProperty("output").GetString(), task.Output);
        Assert.Equal(root.GetProperty("value").GetDouble(), found!.Value, ReferenceTolerance);
    }

    [Theory]
    [InlineData("lenet5", LenetLoss)]
    [InlineData("char-transformer", TransformerLoss)]
    [InlineData("mask-denoiser", DenoiserLoss)]
    public void Convert_FourBits_LosesLittle(string sample, double bound)
    {
        double loss = Loss(Measure(sample, 4).Task!);

        Assert.True(loss < bound, $"{sample} lost {loss}, expected less than {bound}");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Convert_FewerBits_MovesTheOutputsFurther(string sample) =>
        AssertGrowing(sample, report => report.Outputs[0].RelativeL2!.Value);

    /// <summary>
    /// Not LeNet-5, whose likelihood on its test images happens to improve by what the conversion adds.
    /// </summary>
    [Theory]
    [InlineData("char-transformer")]
    [InlineData("mask-denoiser")]
    public void Convert_FewerBits_LosesMore(string sample) => AssertGrowing(sample, report => Loss(report.Task!));

    private static void AssertGrowing(string sample, Func<ComparisonReport, double> measure)
    {
        double[] losses = [.. new[] { 8, 4, 3, 2 }.Select(bits => measure(Measure(sample, bits)))];

        for (int i = 1; i < losses.Length; i++)
        {
            Assert.True(losses[i] > losses[i - 1], $"{sample} at 8, 4, 3, 2 bits has {string.Join(", ", losses)}");
        }
    }

    [Fact]
    public void Lenet5_FourBits_KeepsItsAccuracy()
    {
        TaskReport task = Measure("lenet5", 4).Task!;

        Assert.True(task.Converted >= task.Original - 0.003, $"top-1 {task.Converted}, original {task.Original}");
    }

    /// <summary>Nats of likelihood, or decibels: what grows as the model gets worse.</summary>
    private static double Loss(TaskReport task) => task.Metric == "snr_db"
        ? task.Original!.Value - task.Converted!.Value
        : task.NllConverted!.Value - task.NllOriginal!.Value;

    private static ComparisonReport Measure(string sample, int bits) => Known.GetOrAdd((sample, bits), static key =>
    {
        using TemporaryFolder folder = new();
        string original = Path.Combine(Folder(key.Sample), key.Sample.Replace('-', '_') + ".onnx");
        ConversionJob.Run(
            original,
            folder["converted.onnx"],
            new ConvertOptions { Plan = new UniformCodesPlan { Bits = key.Bits } },
            ConversionTarget.New);
        ComparisonReport report = ModelComparer.Compare(new ComparisonRequest
        {
            Original = original,
            Converted = folder["converted.onnx"],
            Inputs = InputSources.Open(Path.Combine(Folder(key.Sample), "test.npz")),
            CustomOpsLibrary = OrtRun.Library,
        });
        Assert.Empty(report.Failures);
        return report;
    });

    private static string Folder(string sample) => Path.Combine(Repository.Root, "models", sample);
}
