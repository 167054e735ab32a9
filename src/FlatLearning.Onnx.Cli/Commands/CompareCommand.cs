using System.CommandLine;
using FlatLearning.Onnx.Cli.Output;
using FlatLearning.Onnx.CustomOps;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary><c>flat-onnx compare</c>.</summary>
internal sealed class CompareCommand
{
    private readonly Argument<string> _original = CommonOptions.Model("model.onnx", "The original model.");
    private readonly Argument<string> _converted =
        CommonOptions.Model("model.flat.onnx", "The converted model, or any other with the same inputs and outputs.");
    private readonly Option<string?> _inputs = CommonOptions.Inputs(
        "A .npz (arrays named as the inputs, and 'labels'), a .npy, or a folder of these or of ONNX test data; "
            + "drawn from the declared types and shapes by default.");

    private readonly Option<int?> _samples = new Option<int?>("--samples")
    {
        Description = "Samples to run.",
        HelpName = "n",
    }.From(1);
    private readonly Option<string[]> _shape = new("--shape")
    {
        Description = "Shape of a drawn input, for example --shape ids=1,128.",
        HelpName = "name=dims",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _failIf = new("--fail-if")
    {
        Description = "Exit 3 where a condition holds, for example \"snr<30\" or \"top1_agreement<0.99,kl>0.01\".",
        HelpName = "conditions",
    };
    private readonly Option<bool> _perLayer = new("--per-layer")
    {
        Description = "Compare intermediate values of the same name too.",
    };
    private readonly Option<bool> _portable = new("--portable")
    {
        Description = "Run the converted model without the library, through its model-local functions.",
    };
    private readonly Option<string[]> _customOps = CustomOpsOption.Create(
        "A library of custom operators of others that the models need, or another build of ours in the place of this "
            + "installation's; may be repeated.");
    private readonly Option<string> _activations = CommonOptions.Activations(
        "Products of a few rows in the converted model: exact (float32), fixed (16-bit tables where they are "
        + "faster, the "
            + "library's own), or int8 (the fastest); what these two add is reported where they are named.");
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<int> _seed = CommonOptions.Seed();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<bool> _quiet = CommonOptions.Quiet();
    private readonly Option<bool> _verbose = CommonOptions.Verbose("A stack trace with an error.");

    /// <summary>Creates the verb.</summary>
    public static Command Create(TextWriter stdout, TextWriter stderr)
    {
        CompareCommand verb = new();
        Command command = new("compare", "Runs two models on the same inputs and says how far apart they are.")
        {
            verb._original, verb._converted, verb._inputs, verb._samples, verb._shape, verb._failIf, verb._perLayer,
                verb._portable,
            verb._customOps, verb._activations, verb._threads, verb._seed, verb._json, verb._quiet, verb._verbose,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => verb.Run(parsed, stdout, stderr, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, TextWriter stdout, TextWriter stderr, CancellationToken cancellation)
    {
        string original = parsed.GetRequiredValue(_original);
        IReadOnlyList<FailCondition> conditions = parsed.GetValue(_failIf) is { } text ? FailCondition.Parse(text) : [];
        IReadOnlyDictionary<string, long[]> shapes = ShapeOption.Parse(parsed.GetValue(_shape) ?? []);
        if (shapes.Count > 0 && parsed.GetValue(_inputs) is not null)
        {
            throw new UsageException(CliTexts.ShapesWithInputs());
        }

        parsed.RefuseWhere(_seed, parsed.GetValue(_inputs) is not null, "--inputs leaves nothing to be drawn");

        int? limit = parsed.GetValue(_samples);
        InputSource inputs = parsed.GetValue(_inputs) is { } path
            ? InputSources.Open(path, limit)
            : new SyntheticInputSource(
                OnnxModelFile.Load(original)) { Seed = parsed.GetValue(_seed), Shapes = shapes, Limit = limit };
        string? library = Library(parsed, stderr);
        ComparisonReport report = ModelComparer.Compare(
            new ComparisonRequest
            {
                Original = original,
                Converted = parsed.GetRequiredValue(_converted),
                Inputs = inputs,
                CustomOpsLibrary = library,
                Activations = Activations(parsed, library),
                Threads = parsed.GetValue(_threads),
                PerLayer = parsed.GetValue(_perLayer),
            },
            null,
            cancellation);
        if (parsed.GetValue(_json))
        {
            JsonOutput.Write(stdout, report);
        }
        else if (!parsed.GetValue(_quiet))
        {
            ComparisonSummary.Write(stdout, report);
        }

        string[] failures = [.. report.Failures, .. conditions.SelectMany(condition => condition.Check(report))];
        foreach (string failure in failures)
        {
            stderr.Say($"flat-onnx: {failure}");
        }

        return failures.Length > 0 ? ExitCode.CheckFailed : ExitCode.Done;
    }

    private string? Activations(ParseResult parsed, string? library) =>
        parsed.GetResult(_activations) is not { Implicit: false }
            ? null
            : library is not null
            ? parsed.GetValue(_activations)
            : throw new UsageException(CliTexts.ActivationsWithoutLibrary());

    private string? Library(ParseResult parsed, TextWriter stderr)
    {
        string? given = CustomOpsOption.Take(parsed.GetValue(_customOps)).LastOrDefault();
        if (parsed.GetValue(_portable))
        {
            return given is null ? null : throw new UsageException(CliTexts.PortableAndLibrary());
        }

        if (given is not null)
        {
            return File.Exists(given)
                ? Path.GetFullPath(given)
                : throw new UsageException(CliTexts.CustomOpsMissing(given));
        }

        if (FlatLearningLibrary.Find() is { } library)
        {
            return library;
        }

        stderr.WriteLine("flat-onnx: note: the custom-operator library was not found; running without it.");
        return null;
    }
}
