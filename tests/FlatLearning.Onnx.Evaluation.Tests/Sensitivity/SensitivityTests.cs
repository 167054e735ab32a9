using FlatLearning.Fitting;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Evaluation.Sensitivity;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Sensitivity;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Evaluation.Tests.Sensitivity;

/// <summary>Second moments: from runs, from normalisations, from sequences that a model writes.</summary>
public sealed class SensitivityTests
{
    private const int Width = 24;

    /// <summary>Sums in double precision of products of float32 values.</summary>
    private const double Rounding = 1e-5;

    [Fact]
    public void Collect_AGivenInput_IsItsSecondMoment()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 5, Width)
            .Weight("w", DataType.Float, Width, 8)
            .Node("MatMul", ["x", "w"], "y")
            .Output("y");
        ConversionDraft draft = new(builder.Model, new ConvertOptions { MinSize = 1 });
        ComparisonSample sample = new() { Inputs = builder.Feeds };

        InputMoment moment =
            Assert.Single(MomentCollector.Collect(builder.Model, draft, [sample, sample], CancellationToken.None))!;

        Assert.Equal(10, moment.Count);
        float[] x = builder.Feeds["x"].AsSpan<float>().ToArray();
        double[] expected = new double[Width * Width];
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = Enumerable.Range(0, 5)
                .Sum(m => (double)x[(m * Width) + (i / Width)] * x[(m * Width) + (i % Width)]);
        }

        double mean = Enumerable.Range(0, Width).Average(k => expected[(k * Width) + k]);
        double[] found = moment.Weight(0).Values.ToArray();
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First / mean, pair.Second, Rounding));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Find_ANormalisationInFront_GivesGainAndBias(bool writtenOut)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 5, Width)
            .Weight("g", DataType.Float, Width)
            .Weight("b", DataType.Float, Width)
            .Weight("w", DataType.Float, Width, 8);
        builder = writtenOut
            ? builder.Node("Mul", ["x", "x"], "s")
                .Node("Sqrt", ["s"], "r")
                .Node("Div", ["x", "r"], "n")
                .Node("Mul", ["n", "g"], "ng")
                .Node("Add", ["ng", "b"], "h")
            : builder.Node("LayerNormalization", ["x", "g", "b"], "h");
        ConversionDraft draft =
            new(builder.Node("MatMul", ["h", "w"], "y").Output("y").Model, new ConvertOptions { MinSize = 100 });

        Hessian found =
            NormInFront.Find(draft.Candidates.Single(candidate => candidate.Name == "w"), draft.Constants, Width)!;

        float[] gain = draft.Constants.Read(draft.Constants.Index.Main, "g")!.ToSingles();
        float[] bias = draft.Constants.Read(draft.Constants.Index.Main, "b")!.ToSingles();
        double mean = Enumerable.Range(0, Width)
            .Average(k => ((double)gain[k] * gain[k]) + ((double)bias[k] * bias[k]));
        for (int i = 0; i < Width; i++)
        {
            for (int j = 0; j < Width; j++)
            {
                double expected = ((i == j ? (double)gain[i] * gain[i] : 0) + ((double)bias[i] * bias[j])) / mean;
                Assert.Equal(expected, found.Values[(i * Width) + j], Rounding);
            }
        }
    }

    [Fact]
    public void Find_NoNormalisation_IsNull()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 5, Width)
            .Weight("g", DataType.Float, Width)
            .Weight("w", DataType.Float, Width, 8)
            .Node("Relu", ["x"], "r").Node("Mul", ["r", "g"], "h").Node("MatMul", ["h", "w"], "y").Output("y");
        ConversionDraft draft = new(builder.Model, new ConvertOptions { MinSize = 100 });
        Assert.Null(
            NormInFront.Find(draft.Candidates.Single(candidate => candidate.Name == "w"), draft.Constants, Width));
    }

    [SharedFact]
    public void Generate_ACausalModel_WritesWhatItFindsLikely()
    {
        OnnxModel model = OnnxModelFile.Load(SharedModels.PathOf("stories260K_llama.onnx"));
        using ModelRunner runner = ModelRunner.Open(model.Path!);
        SelfSampling sampling = SelfSampling.Find(model, runner, 0)!;

        ComparisonSample sample = sampling.Generate(1, 3, CancellationToken.None).Single();
        ComparisonSample again = sampling.Generate(1, 3, CancellationToken.None).Single();

        OrtTensor ids = sample.Inputs[sampling.Input];
        Assert.Equal(ids.AsSpan<long>().ToArray(), again.Inputs[sampling.Input].AsSpan<long>().ToArray());

        // Its own sentences have about the model's entropy, 1.3 nats a number; numbers drawn at random from 512 have
        // more than ln 512 = 6.2.
        Assert.True(Nll(runner, sample.Inputs, ids) < 3, $"{Nll(runner, sample.Inputs, ids)} nats");
    }

    [SharedFact]
    public void Find_AModelOfRealNumbers_IsNull()
    {
        OnnxModel model = OnnxModelFile.Load(SharedModels.PathOf("mjp_g1.onnx"));
        using ModelRunner runner = ModelRunner.Open(model.Path!);
        Assert.Null(SelfSampling.Find(model, runner, 0));
    }

    private static double Nll(ModelRunner runner, IReadOnlyDictionary<string, OrtTensor> inputs, OrtTensor ids)
    {
        OrtTensor scores = runner.Run(inputs).Values.Single();
        (int rows, int length, int classes) = ((int)ids.Shape[0], (int)ids.Shape[1], (int)scores.Shape[2]);
        double total = 0;
        for (int row = 0; row < rows; row++)
        {
            for (int t = 1; t < length; t++)
            {
                float[] line = scores.AsSpan<float>().Slice(((row * length) + t - 1) * classes, classes).ToArray();
                total += Math.Log(line.Sum(score => Math.Exp(score - line.Max()))) + line.Max()
                    - line[ids.AsSpan<long>()[(row * length) + t]];
            }
        }

        return total / (rows * (length - 1));
    }
}
