using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>Measures time and memory of several models against each other on the same inputs.</summary>
public static class ModelBenchmark
{
    // Of the progress, for preparing the inputs and measuring the machine.
    private const double PreparationShare = 0.1;

    /// <summary>Measures.</summary>
    /// <param name="request">What, and how.</param>
    /// <param name="start">How to start a worker.</param>
    /// <param name="progress">Told the part that is done.</param>
    /// <param name="cancellation">Ends the measurement and every child process.</param>
    /// <exception cref="OnnxModelException">A model cannot be read, loaded or run, or its process died.</exception>
    /// <exception cref="UsageException">The models, inputs and batches do not fit each other.</exception>
    public static BenchmarkReport Run(
        BenchmarkRequest request,
        WorkerStart start,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(start);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("flat-onnx-bench-");
        try
        {
            (BenchmarkPlan plan, MachineFigures machine) = Prepare(request, start, folder.FullName, cancellation);
            progress?.Report(PreparationShare);
            List<BenchmarkRun> runs = [];
            List<BenchmarkRatio> ratios = [];
            for (int i = 0; i < plan.Batches.Count; i++)
            {
                double begin = PreparationShare + ((1 - PreparationShare) * i / plan.Batches.Count);
                Part? part = progress is null
                    ? null
                    : new Part(progress, begin, (1 - PreparationShare) / plan.Batches.Count);
                var measured =
                    new BatchMeasurement(request, plan, plan.Batches[i], machine, start).Run(part, cancellation);
                runs.AddRange(measured.Runs);
                ratios.AddRange(measured.Ratios);
            }

            return new BenchmarkReport(
                runs,
                ratios,
                machine,
                [.. plan.Batches.Select(batch => new BenchmarkInputs(batch.Batch, batch.Inputs))],
                [.. plan.Batches.SelectMany(batch => batch.Notes).Distinct()]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (BenchmarkPlan Plan, MachineFigures Machine) Prepare(
        BenchmarkRequest request, WorkerStart start, string folder, CancellationToken cancellation)
    {
        using WorkerProcess worker =
            new(start, string.Join(", ", request.Models.Select(model => $"'{model.Path}'").Distinct()));
        BenchmarkPlan plan =
            worker.Ask<BenchmarkPlan>(new PlanRequest(request, folder), "preparing the inputs", cancellation);
        return (plan, worker.Ask<MachineFigures>(
            new MachineRequest(request.Threads), "measuring the machine", cancellation));
    }

    private sealed class Part(IProgress<double> whole, double begin, double share) : IProgress<double>
    {
        public void Report(double value) => whole.Report(begin + (share * value));
    }
}
