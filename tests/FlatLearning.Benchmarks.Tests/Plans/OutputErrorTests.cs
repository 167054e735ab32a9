using FlatLearning.Benchmarks.Plans;
using FlatLearning.Fitting.Planning;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Planning;
using FlatLearning.Testing;

namespace FlatLearning.Benchmarks.Tests.Plans;

public class OutputErrorTests
{
    [Fact]
    public void GeometricMean_OfAQuarterAndOne_IsAHalf() =>
        Assert.Equal(0.5, OutputErrorCommand.GeometricMean([0.25, 1]), 1e-12);

    [SharedTheory]
    [InlineData("gpt_nano_sort", true)]
    [InlineData("stories260K_llama", true)]
    [InlineData("misaki_bart_us", true)]
    [InlineData("kwt1_speech_commands", true)]
    [InlineData("magika_standard_v3_3", false)]
    [InlineData("squeezenet_fp16", false)]
    [InlineData("dtln_1", false)]
    public void IsOne_SharedModel_IsTheOneWithAttention(string name, bool expected) =>
        Assert.Equal(expected, Transformers.IsOne(OnnxModelFile.Load(Model(name)).Proto));

    [SharedFact]
    public void EvaluationInputs_KindsAsked_AreMadeAndAreNotThoseOfFits()
    {
        EvaluationInputs self = EvaluationInputs.Of(Model("gpt_nano_sort"), null);
        EvaluationInputs madeUp = EvaluationInputs.Of(Model("gpt_nano_sort"), null, EvaluationKind.MadeUp);
        Assert.Equal(("self-written", "made up"), (self.Description, madeUp.Description));
        Assert.True(EvaluationInputs.Seed > new FitOptions().Seed + 1);
        OrtTensor ids = self.Samples[0].Inputs["input_ids"];
        Assert.Equal(2, ids.Shape.Length);
        Assert.All(ids.AsSpan<long>().ToArray(), id => Assert.InRange(id, 0, 2));
    }

    /// <summary>More bits lose less, and none of it is zero: the figure is of this model on these inputs.</summary>
    [SharedFact]
    [Trait("Set", "Long")]
    public void Measure_MoreBits_LosesLess()
    {
        EvaluationInputs inputs = EvaluationInputs.Of(Model("gpt_nano_sort"), null);
        ConvertOptions options = new() { Search = new PlanRequest { Effort = FitEffort.Fast } };
        (double few, double fewError) = OutputErrorCommand.Measure(
            Model("gpt_nano_sort"), inputs, options with { Target = new PlanTarget(TargetKind.Bits, 3) });
        (double many, double manyError) = OutputErrorCommand.Measure(
            Model("gpt_nano_sort"), inputs, options with { Target = new PlanTarget(TargetKind.Bits, 5) });
        Assert.InRange(few, 2, 3);
        Assert.InRange(many, 4, 5);
        Assert.True(manyError > 0 && manyError < fewError, $"{manyError} against {fewError}");
    }

    private static string Model(string name) => Path.Combine(Repository.Shared!, "models", name + ".onnx");
}
