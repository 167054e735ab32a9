using FlatLearning.Testing;

namespace FlatLearning.OnnxRuntime.Tests;

public sealed class InferenceSessionTests
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
        using InferenceSession session =
            InferenceSession.Open(OrtEnvironment.Default, Path.Combine(Repository.Shared!, "models", file));
        Assert.NotEmpty(session.Inputs);
        Assert.NotEmpty(session.Outputs);
        Assert.All(session.Inputs, input => Assert.NotEqual(TensorElementType.Undefined, input.ElementType));
    }

    [SharedFact]
    public void Run_MnistModel_GivesFiniteScores()
    {
        string path = Path.Combine(Repository.Shared!, "models", "burn_mnist.onnx");
        using InferenceSession session = InferenceSession.Open(OrtEnvironment.Default, path);
        ValueDescription input = session.Inputs[0];
        long[] shape = [.. input.Shape.Select(d => d.IsFree ? 1 : d.Value)];
        OrtTensor x = OrtTensor.Allocate(input.ElementType, shape);
        OrtTensor y = Assert.Single(session.Run(new Dictionary<string, OrtTensor> { [input.Name] = x }));
        Assert.Equal(10, y.ElementCount);
        Assert.All(y.ToDoubles(), v => Assert.True(double.IsFinite(v)));
    }

    [Fact]
    public void Open_Garbage_ThrowsWithOnnxRuntimesMessage()
    {
        OrtException e = Assert.Throws<OrtException>(
            () => InferenceSession.Open(OrtEnvironment.Default, new byte[] { 1, 2, 3 }).Dispose());
        Assert.Equal(OrtErrorCode.InvalidProtobuf, e.Code);
        Assert.NotEmpty(e.Message);
    }
}
