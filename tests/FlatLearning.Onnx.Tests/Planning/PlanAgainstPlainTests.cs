using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Planning;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Tests.Planning;

/// <summary>
/// Plans of the sample models against the conversion without a plan: with as many bytes they lose no more, and for as
/// small an error they take no more. Functions are a good share of these files, so that plans of many structures have
/// no room.
/// </summary>
public sealed class PlanAgainstPlainTests
{
    private const string Output = "plan.onnx";

    /// <summary>A plan counts weights by their energy, this test all numbers alike.</summary>
    private const double SameError = 1.1;

    [Theory]
    [InlineData("lenet5/lenet5.onnx")]
    [InlineData("mask-denoiser/mask_denoiser.onnx")]
    public void Size_OfPlainCodes_LosesNoMore(string name)
    {
        OnnxModel model = Model(name);
        ConvertedModel plain = ModelConverter.Convert(model, new ConvertOptions { Output = Output });
        long bytes = ModelSize.WhenSaved(plain.Model, Output);

        ConvertedModel plan = Convert(model, PlanTarget.Bytes(bytes));

        Assert.True(plan.Target!.Met);
        Assert.InRange(ModelSize.WhenSaved(plan.Model, Output), 1, bytes);
        Assert.InRange(ErrorOf(plan), 0, SameError * ErrorOf(plain));
    }

    [Fact]
    public void Size_OfALittleLess_LosesLittleMore()
    {
        OnnxModel model = Model("lenet5/lenet5.onnx");
        ConvertedModel plain = ModelConverter.Convert(model, new ConvertOptions { Output = Output });
        long bytes = (long)(0.9 * ModelSize.WhenSaved(plain.Model, Output));

        ConvertedModel plan = Convert(model, PlanTarget.Bytes(bytes));

        // Codes of one bit less, in the same function or one more, lose four times as much.
        Assert.True(plan.Target!.Met);
        Assert.InRange(ErrorOf(plan), 0, 4.5 * ErrorOf(plain));
    }

    [Fact]
    public void Error_OfPlainCodes_TakesHardlyMoreBytes()
    {
        OnnxModel model = Model("lenet5/lenet5.onnx");
        ConvertedModel plain = ModelConverter.Convert(model, new ConvertOptions { Output = Output });

        ConvertedModel plan = Convert(model, new PlanTarget(TargetKind.Error, 0.0053));

        Assert.True(plan.Target!.Met);
        Assert.InRange(
            ModelSize.WhenSaved(plan.Model, Output), 1, (long)(1.03 * ModelSize.WhenSaved(plain.Model, Output)));
    }

    private static OnnxModel Model(string name) =>
        OnnxModelFile.Load(Path.Combine(Repository.Root, "models", name.Replace('/', Path.DirectorySeparatorChar)));

    private static ConvertedModel Convert(OnnxModel model, PlanTarget target) =>
        ModelConverter.Convert(
            model,
            new ConvertOptions
            {
                Output = Output, Target = target, Search = new PlanRequest { Effort = FitEffort.Fast },
            });

    /// <summary>Relative errors, every number of every weight alike.</summary>
    private static double ErrorOf(ConvertedModel converted)
    {
        WeightReport[] weights = [.. converted.Weights.Where(weight => weight.Error is not null)];
        return weights.Sum(weight => weight.Error!.Value * Elements(weight)) / weights.Sum(Elements);
    }

    private static double Elements(WeightReport weight) => weight.Shape.Aggregate(1.0, (product, dim) => product * dim);
}
