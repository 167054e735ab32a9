using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;
using Xunit.Abstractions;

namespace FlatLearning.Onnx.Evaluation.Tests.Comparison;

public sealed class SyntheticInputTests(ITestOutputHelper output)
{
    public static TheoryData<string> Models => SharedModels.Names;

    [SharedTheory]
    [MemberData(nameof(Models))]
    public void SyntheticInputs_OfRealModel_RunInOnnxRuntime(string name)
    {
        string path = SharedModels.PathOf(name);
        using ModelRunner runner = ModelRunner.Open(path);
        SyntheticInputSource source = new(OnnxModelFile.Load(path)) { Limit = 2, Seed = 3 };

        PreparedInputs inputs = source.Prepare(runner);

        foreach (string note in inputs.Notes)
        {
            output.WriteLine(note);
        }

        ComparisonSample[] samples = [.. inputs.Samples];
        Assert.Equal(2, samples.Length);
        foreach (ComparisonSample sample in samples)
        {
            IReadOnlyDictionary<string, OrtTensor> outputs = runner.Run(sample.Inputs);
            Assert.NotEmpty(outputs);
            Assert.All(
                outputs.Values, tensor => Assert.All(tensor.ToDoubles(), value => Assert.True(double.IsFinite(value))));
        }
    }
}
