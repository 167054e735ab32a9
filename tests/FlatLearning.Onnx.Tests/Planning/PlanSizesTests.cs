using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Sensitivity;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Tests.Planning;

/// <summary>What a plan says of its file's size without making the file.</summary>
public sealed class PlanSizesTests
{
    private const int Choices = 12;

    /// <summary>
    /// What fits may change of a plan's size: digits of a weight's error in the metadata, and the digits of numbers in
    /// names and lengths that go with it.
    /// </summary>
    private const int BytesPerWeight = 8;

    public static TheoryData<string> Samples => ["lenet5", "char-transformer", "mask-denoiser"];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Of_AnyChoiceForASample_IsTheSizeOfTheModelPutTogether(string sample) =>
        AssertExact(
            Path.Combine(Repository.Root, "models", sample, sample.Replace('-', '_') + ".onnx"), new ConvertOptions());

    [SharedTheory]
    [InlineData("stories260K_llama.onnx", "packed")]
    [InlineData("gpt_nano_sort.onnx", "without functions")]
    [InlineData("asap_dec_loco.onnx", "entropy")]
    [InlineData("magika_standard_v3_3.onnx", "packed")]
    [InlineData("silero_vad_v5.onnx", "packed")]
    public void Of_AnyChoiceForARealModel_IsTheSizeOfTheModelPutTogether(string name, string storage) =>
        AssertExact(
            SharedModels.PathOf(name),
            new ConvertOptions
            {
                Portable = storage != "without functions",
                Search = new PlanRequest { Coded = storage == "entropy" },
            });

    [Fact]
    public void Of_AFittedPlan_IsNearTheSizeOfItsFile()
    {
        (PlanModel model, int weights) = Plan(
            Path.Combine(Repository.Root, "models", "lenet5", "lenet5.onnx"), new ConvertOptions());
        int[] choice = [.. model.Curves.Allocator.Within(model.OriginalBytes / 8).Choice];

        model.Fits.Make(choice, null, default);

        long saved = model.Sizes.Of(model.Fits.Assemble(choice));
        Assert.InRange(model.Sizes.Of(choice), saved - (BytesPerWeight * weights), saved + (BytesPerWeight * weights));
    }

    [Fact]
    public void Of_AChoiceAgain_WeighsItOnce()
    {
        (PlanModel model, _) = Plan(
            Path.Combine(Repository.Root, "models", "lenet5", "lenet5.onnx"), new ConvertOptions());
        int[] large = [.. model.Curves.Allocator.Within(model.OriginalBytes / 4).Choice];
        int[] small = [.. model.Curves.Allocator.Within(model.OriginalBytes / 8).Choice];

        long[] sizes = [.. new[] { large, small, [.. large], [.. small] }.Select(model.Sizes.Of)];

        Assert.Equal(2, model.Sizes.Weighed);
        Assert.Equal(sizes[..2], sizes[2..]);
        Assert.True(sizes[0] > sizes[1]);
    }

    private static void AssertExact(string path, ConvertOptions options)
    {
        (PlanModel model, _) = Plan(path, options);
        Random random = new(1);
        for (int i = 0; i < Choices; i++)
        {
            // All options alike, all of the smallest, and none at all.
            int[] choice = [
                .. model.Curves.All.Select(
                    curve => curve is null ? 0
                        : i == 0 ? curve.Options.Count - 1
                        : i == 1 ? 0
                        : random.Next(curve.Options.Count))];
            Assert.Equal(model.Sizes.Of(model.Fits.AssembleSkeleton(choice)), model.Sizes.Of(choice));
        }
    }

    private static (PlanModel Model, int Weights) Plan(string path, ConvertOptions options)
    {
        options = options with { Search = options.Search with { Effort = FitEffort.Fast } };
        OnnxModel original = OnnxModelFile.Load(path);
        ConversionDraft draft = new(original, options);
        ModelHessians hessians = new(draft.Candidates.Count);
        CurveMeasurement measurement = new(draft, options, hessians);
        PlanCurves curves = new(measurement.Run(null, default));
        PlanModel model = ModelPlanner.Model(original, options, draft, curves, measurement.Fixed);
        return (model, curves.All.Count(curve => curve is not null));
    }
}
