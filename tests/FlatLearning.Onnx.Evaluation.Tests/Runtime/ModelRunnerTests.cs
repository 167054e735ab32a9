using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Evaluation.Tests.Runtime;

public sealed class ModelRunnerTests
{
    public static TheoryData<string> Models
    {
        get
        {
            TheoryData<string> data = [];
            foreach (string file in Repository.Shared is null
                ? []
                : Directory.GetFiles(Path.Combine(Repository.Shared, "models"), "*.onnx"))
            {
                data.Add(Path.GetFileName(file));
            }

            if (data.Count == 0)
            {
                data.Add("(shared models absent)");
            }

            return data;
        }
    }

    [SharedTheory]
    [MemberData(nameof(Models))]
    public void Open_SharedModel_DescribesItsInputsAndOutputs(string file)
    {
        using ModelRunner runner = ModelRunner.Open(Path.Combine(Repository.Shared!, "models", file));
        Assert.NotEmpty(runner.Inputs);
        Assert.NotEmpty(runner.Outputs);
        Assert.All(runner.Inputs, input => Assert.NotEqual(default, input.ElementType));
    }

    [SharedFact]
    public void Run_MnistModel_GivesFiniteScores()
    {
        using ModelRunner runner = ModelRunner.Open(Path.Combine(Repository.Shared!, "models", "burn_mnist.onnx"));
        ValueDescription input = runner.Inputs[0];
        long[] shape = [.. input.Shape.Select(d => d.IsFree ? 1 : d.Value)];
        OrtTensor x = OrtTensor.Allocate(input.ElementType, shape);
        OrtTensor y = Assert.Single(runner.Run(new Dictionary<string, OrtTensor> { [input.Name] = x })).Value;
        Assert.Equal(10, y.ElementCount);
        Assert.All(y.ToDoubles(), v => Assert.True(double.IsFinite(v)));
    }
}
