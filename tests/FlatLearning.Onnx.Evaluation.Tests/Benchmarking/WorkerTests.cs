using System.Text.Json;
using FlatLearning.Onnx.Evaluation.Benchmarking;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Evaluation.Tests.Benchmarking;

/// <summary>The child's side, without a child.</summary>
public sealed class WorkerTests
{
    [Fact]
    public void Loop_LoadBindCopySlice_AnswersEachWithNumbers()
    {
        using TemporaryFolder folder = new();
        string model = folder.Write("a.onnx", ComparisonModels.TwoLayers(1, 1, 2, 3, 4));
        BenchmarkRequest request = new() { Models = [new BenchmarkModel(model)], Threads = 1 };
        string inputs = BenchmarkPlanner.Plan(request, folder.Path).Batches[0].File;
        string[] answers = Answers(
            new LoadRequest(new Contestant(model, null, Contestant.Plain), 1),
            new BindRequest(inputs),
            new CopyRequest(3),
            new SliceRequest(0.01));
        foreach (string answer in answers[..3])
        {
            MemoryReply reply = Result<MemoryReply>(answer);
            Assert.True(reply.Milliseconds > 0);
            Assert.InRange(reply.ResidentBytes, 1 << 20, reply.PeakBytes);
        }

        SliceReply slice = Result<SliceReply>(answers[3]);
        Assert.NotEmpty(slice.Milliseconds);
        Assert.All(slice.Milliseconds, time => Assert.True(time > 0));
        Assert.True(slice.QuietMilliseconds > 0);
    }

    [Fact]
    public void Loop_ShortestSlice_StillTimesOneRun()
    {
        using TemporaryFolder folder = new();
        string model = folder.Write("a.onnx", ComparisonModels.Unary("Relu", DataType.Float, "n", 3));
        BenchmarkRequest request = new() { Models = [new BenchmarkModel(model)] };
        string inputs = BenchmarkPlanner.Plan(request, folder.Path).Batches[0].File;
        string[] answers = Answers(
            new LoadRequest(new Contestant(model, null, Contestant.Plain), 1),
            new BindRequest(inputs),
            new SliceRequest(0));
        Assert.Single(Result<SliceReply>(answers[2]).Milliseconds);
    }

    [Fact]
    public void Loop_Failures_AreAnsweredWithWhoseFaultTheyAre()
    {
        string[] answers = Answers(
            new LoadRequest(new Contestant("none.onnx", null, Contestant.Plain), 1),
            new LoadRequest(new Contestant("none.onnx", "none.so", Contestant.WithLibrary), 1),
            new SliceRequest(0.01));
        WorkerFailure[] failures = [
            .. answers.Select(answer => JsonSerializer.Deserialize<WorkerReply<MemoryReply>>(answer)!.Failure!)];
        Assert.Equal(
            [WorkerFailureKind.Model, WorkerFailureKind.Model, WorkerFailureKind.Defect],
            failures.Select(failure => failure.Kind));
        Assert.Contains("none.onnx", failures[0].Message, StringComparison.Ordinal);
    }

    private static T Result<T>(string answer)
        where T : class => JsonSerializer.Deserialize<WorkerReply<T>>(answer)!.Result!;

    private static string[] Answers(params WorkerRequest[] requests)
    {
        using StringReader input =
            new(string.Join('\n', requests.Select(request => JsonSerializer.Serialize(request))));
        using StringWriter output = new();
        Assert.Equal(0, WorkerLoop.Run(input, output));
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(requests.Length, lines.Length);
        return [.. lines.Select(line => line[WorkerLoop.Marker.Length..])];
    }
}
