using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Sensitivity;
using FlatLearning.Onnx.Sensitivity;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Evaluation.Tests.Sensitivity;

/// <summary>A user's own samples on a real model.</summary>
public sealed class DataMomentsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Convert_WithSamplesOfTheUser_SaysSoAndLosesLessOnThem()
    {
        string model = Path.Combine(Repository.Root, "models", "lenet5", "lenet5.onnx");
        string samples = Path.Combine(Repository.Root, "models", "lenet5", "test.npz");
        double[] lost = [.. new[] { HessianMode.None, HessianMode.Data }.Select(mode =>
        {
            ConvertOptions options = new()
            {
                Plan = new UniformCodesPlan { Bits = 2 },
                Hessian = mode,
                Runs = OnnxRuntimeRuns.Instance,
                HessianFile = mode == HessianMode.Data ? samples : null,
            };
            string output = _folder[$"{mode}.onnx"];
            ConversionReport report = ConversionJob.Run(model, output, options, ConversionTarget.New).Report;
            Assert.All(
                report.Weights.Where(weight => weight is { SkippedReason: null, Dense: null }),
                weight => Assert.Equal(mode == HessianMode.Data ? "data" : "identity", weight.Hessian));
            return Onnx.Evaluation.Comparison.ModelComparer.Compare(
                new Onnx.Evaluation.Comparison.ComparisonRequest { Original = model, Converted = output,
                    Inputs = Onnx.Evaluation.Comparison.InputSources.Open(samples) }).Outputs[0].RelativeL2!.Value;
        })];
        Assert.True(lost[1] < 0.8 * lost[0], $"{lost[1]} with H of the data against {lost[0]} without");
    }
}
