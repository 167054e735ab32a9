using System.Text.Json;
using FlatLearning.Dyn;
using FlatLearning.Onnx.Evaluation.Verification;
using FlatLearning.Onnx.Files;
using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>The child's side: does what it is asked, line by line, until its input ends.</summary>
public static class WorkerLoop
{
    /// <summary>Begins every line that is an answer; native libraries may write other lines.</summary>
    internal const string Marker = "@flat-worker ";

    /// <summary>Answers requests until there are no more.</summary>
    /// <returns>0.</returns>
    public static int Run(TextReader input, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        using ModelWorker worker = new();
        while (input.ReadLine() is { } line)
        {
            output.WriteLine(Marker + Answer(worker, line));
            output.Flush();
        }

        return 0;
    }

    private static string Answer(ModelWorker worker, string line)
    {
        try
        {
            return JsonSerializer.Deserialize<WorkerRequest>(line) switch
            {
                PlanRequest plan => Done(BenchmarkPlanner.Plan(plan.Request, plan.Folder)),
                MachineRequest machine => Done(MachineProbe.Measure(machine.Threads)),
                LoadRequest load => Done(worker.Load(load)),
                BindRequest bind => Done(worker.Bind(bind.File)),
                CopyRequest copy => Done(worker.Copy(copy.Sessions)),
                SliceRequest slice => Done(worker.Slice(slice.Seconds)),
                VerifyRequest verify => Done(verify.Run()),
                CheckRequest check => Done(check.Run()),
                TrialRequest trial => Done(trial.Run()),
                _ => throw new InvalidOperationException("an unknown request"),
            };
        }
        catch (Exception exception)
        {
            // The parent is the one to decide what becomes of it.
            return JsonSerializer.Serialize(new WorkerReply<object>(null, Failure(exception)));
        }
    }

    private static string Done<T>(T result)
        where T : class => JsonSerializer.Serialize(new WorkerReply<T>(result, null), WorkerReply.Json);

    private static WorkerFailure Failure(Exception exception) => exception switch
    {
        OnnxModelException or DynFormatException or OnnxRuntimeException =>
            new WorkerFailure(WorkerFailureKind.Model, exception.Message),
        UsageException or IOException or UnauthorizedAccessException =>
            new WorkerFailure(WorkerFailureKind.Usage, exception.Message),
        OutOfMemoryException => new WorkerFailure(WorkerFailureKind.Memory, exception.Message),
        _ => new WorkerFailure(WorkerFailureKind.Defect, exception.ToString()),
    };
}
