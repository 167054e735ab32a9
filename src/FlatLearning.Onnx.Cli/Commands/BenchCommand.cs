using System.CommandLine;
using FlatLearning.Onnx.Cli.Output;
using FlatLearning.Onnx.CustomOps;
using FlatLearning.Onnx.Evaluation.Benchmarking;
using FlatLearning.Onnx.Evaluation.Comparison;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary><c>flat-onnx bench</c>.</summary>
internal sealed class BenchCommand
{
    private const double DefaultSeconds = 5;

    private readonly Argument<string[]> _models =
        CommonOptions.Models("models", "The models; ratios are against the first.");
    private readonly Option<int[]?> _batch = BenchOptions.Batch();
    private readonly Option<string[]> _shape = new("--shape")
    {
        Description = "Shape of a made-up input, for example --shape ids=1,128; may be repeated.",
        HelpName = "name=dims",
    };
    private readonly Option<string?> _inputs =
        CommonOptions.Inputs("A .npz or .npy file or a folder, as for 'compare'; its first rows. Made up by default.");
    private readonly Option<double> _seconds = BenchOptions.Seconds(DefaultSeconds);
    private readonly Option<string> _provider = BenchOptions.Provider();
    private readonly Option<string[]> _customOps = CustomOpsOption.Create(
        "A library of custom operators of others that the models need; may be repeated. Another build of ours, or "
            + "none: once for all models, or once for each in their order; by default this installation's for "
            + "converted models.");

    private readonly Option<bool> _portable = new("--portable")
    {
        Description = "Measure converted models without the library too, through their model-local functions.",
    };
    private readonly Option<string> _activations = CommonOptions.Activations(
        "With exact or int8, measure converted models with products of a few rows in float32, or with the fastest "
        + "rounded "
            + "ones, too.");
    private readonly Option<bool> _outOfCache = new("--out-of-cache")
    {
        Description = "Rotate through sessions whose weights together exceed the last-level cache.",
    };
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<int> _seed = CommonOptions.Seed();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<bool> _quiet = CommonOptions.Quiet();
    private readonly Option<bool> _verbose = CommonOptions.Verbose("A stack trace with an error.");

    /// <summary>Creates the verb.</summary>
    public static Command Create(TextWriter stdout, TextWriter stderr)
    {
        BenchCommand verb = new();
        verb._threads.Description = "Processor threads within an operator, for every model.";
        Command command = new(
            "bench",
            "Measures time and memory of models side by side: each in a process of its own, in turns, on the same "
                + "inputs.")
        {
            verb._models, verb._batch, verb._shape, verb._inputs, verb._seconds, verb._provider, verb._customOps,
                verb._portable,
            verb._activations, verb._outOfCache, verb._threads, verb._seed, verb._json, verb._quiet, verb._verbose,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => verb.Run(parsed, stdout, stderr, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, TextWriter stdout, TextWriter stderr, CancellationToken cancellation)
    {
        BenchmarkRequest request = Request(parsed);
        bool quiet = parsed.GetValue(_quiet);
        using ProgressReporter? progress = quiet ? null : new ProgressReporter(stderr, "measuring");
        WorkerStart start = WorkerCommand.Start;
        BenchmarkReport report = ModelBenchmark.Run(request, start, progress, cancellation);
        progress?.Dispose();
        if (parsed.GetValue(_json))
        {
            JsonOutput.Write(stdout, report);
        }
        else if (!quiet)
        {
            BenchmarkSummary.Write(stdout, report);
        }

        return ExitCode.Done;
    }

    private BenchmarkRequest Request(ParseResult parsed)
    {
        string? inputs = parsed.GetValue(_inputs);
        IReadOnlyDictionary<string, long[]> shapes = ShapeOption.Parse(parsed.GetValue(_shape) ?? []);
        int[] batches = parsed.GetValue(_batch) ?? [];
        if (shapes.Count > 0 && inputs is not null)
        {
            throw new UsageException(CliTexts.ShapesWithInputs());
        }

        parsed.RefuseWhere(_seed, parsed.GetValue(_inputs) is not null, "--inputs leaves nothing to be drawn");

        if (shapes.Count > 0 && batches.Length > 0)
        {
            throw new UsageException(CliTexts.BatchWithShapes());
        }

        return new BenchmarkRequest
        {
            Models = Models(parsed.GetRequiredValue(_models), CustomOpsOption.Take(parsed.GetValue(_customOps))),
            DefaultLibrary = FlatLearningLibrary.Find(),
            Portable = parsed.GetValue(_portable),
            OtherActivations = parsed.GetValue(_activations) is { } other and not CommonOptions.UsualActivations
                ? other
                : null,
            Batches = batches,
            Shapes = shapes,
            Inputs = inputs,
            Seed = parsed.GetValue(_seed),
            Threads = parsed.GetValue(_threads),
            Seconds = parsed.GetValue(_seconds),
            OutOfCache = parsed.GetValue(_outOfCache),
        };
    }

    private static BenchmarkModel[] Models(string[] paths, string[] libraries)
    {
        if (libraries.Length > 1 && libraries.Length != paths.Length)
        {
            throw new UsageException(CliTexts.CustomOpsCount(libraries.Length, paths.Length));
        }

        if (libraries.FirstOrDefault(library => library != CustomOpsOption.None && !File.Exists(library))
            is { } missing)
        {
            throw new UsageException(CliTexts.CustomOpsMissing(missing));
        }

        string?[] full = [
            .. libraries.Select(library => library == CustomOpsOption.None ? null : Path.GetFullPath(library))];
        return [.. paths.Select((path, i) => new BenchmarkModel(path)
        {
            HasOwnLibrary = full.Length > 0,
            Library = full.Length == 0 ? null : full[full.Length == 1 ? 0 : i],
        })];
    }
}
