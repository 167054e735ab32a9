using System.Diagnostics;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Validation;

namespace FlatLearning.Onnx.Conversion;

/// <summary>Converts a file into a file.</summary>
public static class ConversionJob
{
    /// <summary>
    /// Loads, validates, converts and saves. Nothing is written where nothing was converted, where the result would not
    /// be smaller, for a dry run, or after a cancellation; the target is replaced in one step.
    /// </summary>
    /// <param name="input">The original .onnx file.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="options">What to convert and how.</param>
    /// <param name="target">What happens to an existing target, and whether anything is written.</param>
    /// <param name="progress">Receives the share of the work that is done.</param>
    /// <param name="cancellation">Stops the job.</param>
    /// <exception cref="OnnxModelException">Bad input or an unwritable target.</exception>
    /// <exception cref="UsageException">The model cannot be converted, or would not become smaller.</exception>
    public static (ConversionReport Report, IReadOnlyList<string> Notes) Run(
        string input,
        string output,
        ConvertOptions options,
        ConversionTarget target,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        Stopwatch clock = Stopwatch.StartNew();
        if (Path.GetFullPath(input) == Path.GetFullPath(output) || FileIdentity.AreSame(input, output))
        {
            throw new UsageException(Messages.SameFile(input));
        }

        if (target == ConversionTarget.New && File.Exists(output))
        {
            throw new OnnxModelException(Messages.TargetExists(output));
        }

        OnnxModel original = OnnxModelFile.Load(input);
        SaveOptions save =
            new() { Existing = target == ConversionTarget.Overwrite ? ExistingFile.Replace : ExistingFile.Refuse };
        if (target != ConversionTarget.DryRun)
        {
            OnnxModelFile.CheckTarget(original, output, save);
        }

        IReadOnlyList<string> unused = UnusedInitializers.RemoveWithoutData(original);
        ModelValidator.Check(original);
        ConvertedModel converted = ModelConverter.Convert(
            original,
            options with { PredictOnly = target == ConversionTarget.DryRun, Output = output },
            progress,
            cancellation);
        WeightReport[] done = [.. converted.Weights.Where(weight => weight.SkippedReason is null)];
        long before = ModelSize.Of(original);
        long after = done.Length == 0 ? before : ModelSize.WhenSaved(converted.Model, output, save);
        List<string> notes = [.. unused.Select(Messages.UnusedWithoutData), .. converted.Notes];
        if (done.Length > 0 && after >= before)
        {
            throw new UsageException(Messages.NotSmaller(input, before, after));
        }

        if (done.Length > 0 && target != ConversionTarget.DryRun)
        {
            SaveResult saved = OnnxModelFile.Save(converted.Model, output, save, cancellation);
            after = saved.TotalBytes;
            if (saved.LeftBeside is { } left)
            {
                notes.Add(Messages.LeftBeside(output, left));
            }
        }

        double elements =
            done.Sum(weight => (double)weight.Shape.Aggregate(1L, (product, dimension) => product * dimension));
        ConversionReport report = new()
        {
            Input = input,
            Output = output,
            InputBytes = before,
            OutputBytes = after,
            Converted = done.Length,
            Skipped = converted.Weights.Count - done.Length,
            BitsPerWeight = elements == 0 ? 0 : 8 * done.Sum(weight => (double)weight.StoredBytes) / elements,
            Seconds = clock.Elapsed.TotalSeconds,
            PeakMemoryBytes = PeakMemory(),
            DryRun = target == ConversionTarget.DryRun,
            Portable = converted.Portable,
            Weights = converted.Weights,
            Target = converted.Target,
            Tournament = converted.Tournament,
        };
        return (report, notes);
    }

    private static long PeakMemory()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
