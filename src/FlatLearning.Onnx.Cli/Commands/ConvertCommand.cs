using System.CommandLine;
using System.Text.RegularExpressions;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Operators;
using FlatLearning.Fitting;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Entropy;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Cli.Output;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Sensitivity;
using FlatLearning.Onnx.Evaluation.Verification;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Sensitivity;
using FlatLearning.Onnx.Validation;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary><c>flat-onnx convert</c>.</summary>
internal sealed class ConvertCommand
{
    private const string Auto = "auto";
    private const string Codes = "codes";
    private const string OnnxRuntimeFormat = "onnxruntime";
    private const string Outputs = "outputs";
    private const string WeightError = "weight-error";

    /// <summary>Models with more weights than this get codes of one width unless a target is given.</summary>
    private const long LargeModel = 1L << 25;

    private readonly Argument<string> _model = CommonOptions.Model("model.onnx", "The model to convert.");
    private readonly Option<string?> _output =
        CommonOptions.Output("The file to write; model.flat.onnx beside the input by default.");
    private readonly TargetOptions _targets = new();
    private readonly Option<int> _codeBits = new Option<int>("--code-bits")
    {
        Description =
            "Codes of so many bits for every weight, 2, 3, 4, 5, 6 or 8, without a planner. Scales and codebook "
                + "come on top and are counted in the summary.",
        HelpName = "b",
        DefaultValueFactory = _ => 4,
    }.From(1);

    private readonly Option<bool> _fast = new("--fast")
    {
        Description =
            "Codes of 4 bits for every weight, without running the model: several times as quick, at a larger loss.",
    };

    private readonly Option<string> _objective = new Option<string>("--objective")
    {
        Description =
            "What a target in bits or bytes is met by: outputs (several ways are tried, and the one whose outputs are "
                + "nearest to the original's is written), prior (errors count relative to their weights) or "
                + "weight-error (the least squared error of all weights together).",
        DefaultValueFactory = _ => Outputs,
    }.AcceptOnly([Outputs, "prior", WeightError]);

    private readonly Option<int> _taps = new Option<int>("--taps")
    {
        Description =
            "Taps of the codebook, 1 to 5; more taps lose less and convert slower. By default what pays for the "
                + "number of bits.",
        HelpName = "n",
    }.From(1);

    private readonly Option<string> _method = new Option<string>("--method")
    {
        Description =
            "auto, codes (scales and codes), or one of the published metrics alone: riem, dyn-l1, dyn-l2, "
                + "dyn-inverse-l2.",
        DefaultValueFactory = _ => Auto,
    }.AcceptOnly([Auto, Codes, .. MetricKinds.All]);

    private readonly Option<string> _storage = new Option<string>("--storage")
    {
        Description =
            "packed: codes in fixed width, which run anywhere. entropy: smaller at the same error, one step for the "
                + "whole model with a target, --code-bits stored bits for each weight without; runs only with the "
                + "library.",
        DefaultValueFactory = _ => StorageKinds.Packed,
    }.AcceptOnly([StorageKinds.Packed, StorageKinds.Entropy]);

    private readonly Option<string> _format = new Option<string>("--format")
    {
        Description =
            "dyn: our operators, smallest and fastest on processors. onnxruntime: the 4-, 2- and 8-bit blocks of ONNX "
                + "Runtime's own operators, which its builds for the web, phones and other providers run too.",
        DefaultValueFactory = _ => "dyn",
    }.AcceptOnly(["dyn", OnnxRuntimeFormat]);

    private readonly Option<string> _hessian = new("--hessian")
    {
        Description =
            "What weights' errors are measured by: none (every number alike), auto or synthetic (second moments of "
                + "their inputs in runs on made-up inputs), or a .npz of your own data.",
        HelpName = "none|auto|synthetic|file",
        DefaultValueFactory = _ => "none",
    };

    private readonly Option<string> _opTypes = new("--op-types")
    {
        Description = "Operator types to convert, separated by commas.",
        HelpName = "list",
        DefaultValueFactory = _ => string.Join(',', ConvertOptions.SupportedOpTypes),
    };

    private readonly Option<string?> _include = new("--include")
    {
        Description = "Convert only weights whose initializer or node name matches.",
        HelpName = "regex",
    };
    private readonly Option<string?> _exclude = new("--exclude")
    {
        Description = "Leave weights whose initializer or node name matches.",
        HelpName = "regex",
    };
    private readonly Option<long> _minSize = new Option<long>("--min-size")
    {
        Description = "Leave weights with fewer elements.",
        HelpName = "n",
        DefaultValueFactory = _ => new ConvertOptions().MinSize,
    }.From(0);

    private readonly Option<bool> _requantize = new("--requantize")
    {
        Description =
            "Convert weights that are quantised already too (MatMulNBits, DequantizeLinear, dynamic int8 and the "
                + "like), from the values that their codes stand for.",
    };
    private readonly Option<bool> _noPortable = new("--no-portable")
    {
        Description = "Leave the model-local functions out: smaller by a few kilobytes, runs only with the library.",
    };
    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Write nothing: fit and report, or with a target predict size and error without fitting.",
    };
    private readonly Option<bool> _verify = new("--verify")
    {
        Description =
            "Run original, converted (with and without the library) and restored model on the same inputs; exit "
                + "3 where they disagree.",
    };
    private readonly Option<bool> _noCheck = new("--no-check")
    {
        Description = "Without --verify: do not open the written model once to see that ONNX Runtime loads it.",
    };
    private readonly Option<string?> _inputs = CommonOptions.Inputs(
        "Samples for --verify: a .npz (arrays named as the inputs), a .npy, or a folder of these or of ONNX test "
            + "data; made up by default.");

    private readonly Option<string[]> _customOps = CustomOpsOption.Create(
        "A library of custom operators of others that the model needs to run; may be repeated.");
    private readonly Option<bool> _overwrite = CommonOptions.Overwrite();
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<int> _seed = CommonOptions.Seed();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<bool> _quiet = CommonOptions.Quiet();
    private readonly Option<bool> _verbose =
        CommonOptions.Verbose("Every weight in the summary, and a stack trace with an error.");

    /// <summary>Creates the verb.</summary>
    public static Command Create(TextWriter stdout, TextWriter stderr)
    {
        ConvertCommand verb = new();
        Command command = new(
            "convert",
            "Writes a smaller model whose weights are DyN operators.")
        {
            verb._model, verb._output, verb._fast, verb._codeBits, verb._taps, verb._method, verb._storage,
            verb._format, verb._objective, verb._hessian, verb._opTypes, verb._include, verb._exclude, verb._minSize,
            verb._requantize,
            verb._noPortable, verb._dryRun, verb._verify, verb._noCheck, verb._inputs, verb._customOps,
            verb._overwrite, verb._threads, verb._seed, verb._json, verb._quiet, verb._verbose,
        };
        foreach (Option option in verb._targets.All)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) => Task.Run(() => verb.Run(parsed, stdout, stderr, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, TextWriter stdout, TextWriter stderr, CancellationToken cancellation)
    {
        string input = parsed.GetRequiredValue(_model);
        string output = parsed.GetValue(_output) ?? DefaultPaths.Converted(input);
        bool quiet = parsed.GetValue(_quiet);
        if (CustomOpsOption.Take(parsed.GetValue(_customOps)) is [var own, ..])
        {
            throw new UsageException(CliTexts.OwnLibraryGiven(own));
        }

        ConvertOptions options = Options(parsed);
        if (parsed.GetValue(_dryRun) && parsed.GetValue(_verify))
        {
            throw new UsageException(CliTexts.VerifyOfDryRun());
        }

        ConversionTarget target = parsed.GetValue(_dryRun) ? ConversionTarget.DryRun
            : parsed.GetValue(_overwrite) ? ConversionTarget.Overwrite
            : ConversionTarget.New;
        if (target != ConversionTarget.DryRun)
        {
            OutputTarget.Check(
                output,
                target == ConversionTarget.Overwrite ? ExistingTarget.Replace : ExistingTarget.Refuse,
                _output.Name,
                [.. new[] { input, options.HessianFile, parsed.GetValue(_inputs) }.OfType<string>()]);
        }

        parsed.RefuseWhere(_noCheck, parsed.GetValue(_verify), "--verify loads and runs the model");
        parsed.RefuseWhere(_noCheck, parsed.GetValue(_dryRun), "--dry-run writes no model");
        CheckInputs(parsed, input);
        VerifiedConversion report;
        IReadOnlyList<string> notes;
        using (ProgressReporter progress = new(stderr, "fitting"))
        {
            (ConversionReport conversion, notes) =
                ConversionJob.Run(input, output, options, target, quiet ? null : progress, cancellation);
            report = new VerifiedConversion(conversion);
        }

        LoadCheck? check = null;
        if (report.Converted > 0 && parsed.GetValue(_verify))
        {
            report = report
                with {
                    Verify = VerificationStep.Verify(
                        input, report, parsed.GetValue(_inputs), parsed.GetValue(_seed), cancellation) };
        }
        else if (report.Converted > 0 && target != ConversionTarget.DryRun && !parsed.GetValue(_noCheck))
        {
            check = VerificationStep.Check(input, report, cancellation);
            report = report with { Loads = check.Loads };
        }

        foreach (string note in report.Converted > 0 ? notes : [])
        {
            stderr.WriteLine($"flat-onnx: note: {SentenceText.OneLine(note.TrimEnd('.'))}.");
        }

        if (parsed.GetValue(_json))
        {
            JsonOutput.Write(stdout, report);
        }
        else if (!quiet)
        {
            ConversionSummary.Write(stdout, report, everyWeight: parsed.GetValue(_verbose));
        }

        if (report.Converted == 0)
        {
            throw new UsageException(CliTexts.NothingConverted(input, report.Weights.Count > 0));
        }

        // Nobody asked for the usual bits.
        TargetReport? missed = report.Target is { Met: false } && options.PlainAbove == long.MaxValue
            ? report.Target
            : null;
        return ConversionProblems.Write(stderr, output, report, missed, check);
    }

    /// <summary>Finds before anything is converted whether the samples of <c>--inputs</c> fit the model.</summary>
    private void CheckInputs(ParseResult parsed, string input)
    {
        if (parsed.GetValue(_inputs) is not { } path)
        {
            return;
        }

        if (!parsed.GetValue(_verify))
        {
            throw new UsageException(CliTexts.InputsWithoutVerify());
        }

        InputSource source = InputSources.Open(path);
        ModelValidator.Check(OnnxModelFile.Load(input));
        using ModelRunner original = ModelRunner.Open(input);
        source.Prepare(original);
    }

    private ConvertOptions Options(ParseResult parsed)
    {
        string[] opTypes = parsed.GetRequiredValue(_opTypes)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (opTypes.Length == 0 || opTypes.Except(ConvertOptions.SupportedOpTypes).FirstOrDefault() is { } unknown)
        {
            throw new UsageException(
                CliTexts.OpTypes(
                    opTypes.Except(ConvertOptions.SupportedOpTypes).FirstOrDefault() ?? string.Empty,
                    ConvertOptions.SupportedOpTypes));
        }

        int bits = parsed.GetValue(_codeBits);
        int taps = parsed.GetValue(_taps);
        if (bits is not (2 or 3 or 4 or 5 or 6 or 8))
        {
            throw new UsageException(CliTexts.Bits(bits));
        }

        if (taps > 5 || bits * taps > 16)
        {
            throw new UsageException(CliTexts.Taps(bits, taps));
        }

        string method = parsed.GetRequiredValue(_method);
        string storage = parsed.GetRequiredValue(_storage);
        PlanTarget? target = _targets.Target(parsed);
        if (target is not null && parsed.GetResult(_codeBits) is { Implicit: false })
        {
            throw new UsageException(CliTexts.TargetAndCodeBits());
        }

        if (target is not null && method is not (Auto or Codes))
        {
            throw new UsageException(CliTexts.TargetAndMethod(method));
        }

        if (target is not null && parsed.GetValue(_fast))
        {
            throw new UsageException(CliTexts.FastAndTarget());
        }

        WeightFormat format = parsed.GetRequiredValue(_format) == OnnxRuntimeFormat
            ? WeightFormat.OnnxRuntime
            : WeightFormat.Dyn;
        RequireBlocks(parsed, format, target);
        bool isMetric = method is not (Auto or Codes);
        bool isEntropy = storage == StorageKinds.Entropy;
        parsed.RefuseWhere(
            _storage, isMetric && isEntropy, $"--method {method} stores a metric alone, which has no codes to code");
        parsed.RefuseWhere(_taps, isMetric, $"--method {method} stores a metric alone, without codes");
        parsed.RefuseWhere(_codeBits, isMetric, $"--method {method} stores a metric alone, without codes");
        parsed.RefuseWhere(_taps, isEntropy, "entropy-coded codes have no codebook");
        string hessian = parsed.GetRequiredValue(_hessian);
        HessianMode mode = hessian switch
        {
            "none" => HessianMode.None,
            "auto" => HessianMode.Auto,
            "synthetic" => HessianMode.Synthetic,
            _ when hessian.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) => HessianMode.Data,
            _ => throw new UsageException(CliTexts.Hessian(hessian)),
        };
        if (mode == HessianMode.Data && !File.Exists(hessian))
        {
            throw new UsageException(CliTexts.HessianMissing(hessian));
        }

        string objective = parsed.GetRequiredValue(_objective);
        bool isUsual = target is null && format == WeightFormat.Dyn && method == Auto
            && !isEntropy && !parsed.GetValue(_fast) && mode == HessianMode.None
            && !IsGiven(_codeBits) && !IsGiven(_taps);
        target ??= isUsual ? TargetOptions.Usual : null;
        parsed.RefuseWhere(_objective, target is null, "codes of one kind for every weight need no choice");
        parsed.RefuseWhere(
            _objective, target?.Kind == TargetKind.Error && objective != WeightError,
            "--target-error is about the error of weights");
        bool isFree = !isEntropy && taps == 0 && !IsGiven(_hessian);
        parsed.RefuseWhere(
            _objective,
            objective == Outputs && !isFree,
            "outputs choose among ways whose storage, taps and second moments are not given");
        return new ConvertOptions
        {
            Format = format,
            Plan = PlanOf(method, storage, bits, taps),
            DensePlan = PlanOf(method, StorageKinds.Packed, bits, taps),
            Search = new PlanRequest
            {
                Effort = _targets.Effort(parsed, isUsual),
                Metrics = method == Auto,
                Coded = isEntropy,
                Taps = taps,
            },
            Seed = parsed.GetValue(_seed),
            OpTypes = new HashSet<string>(opTypes),
            Include = Pattern(parsed, _include),
            Exclude = Pattern(parsed, _exclude),
            MinSize = parsed.GetValue(_minSize),
            Requantize = parsed.GetValue(_requantize),
            Portable = !parsed.GetValue(_noPortable),
            Threads = parsed.GetValue(_threads),
            Target = target,
            PlainAbove = isUsual ? LargeModel : long.MaxValue,
            Tournament = target is not null && objective == Outputs && isFree,
            Prior = objective == WeightError || target?.Kind == TargetKind.Error
                ? ErrorPrior.WeightError
                : new ErrorPrior(),
            Hessian = mode,
            Runs = OnnxRuntimeRuns.Guarded(WorkerCommand.Start),
            HessianFile = mode == HessianMode.Data ? hessian : null,
            Description = string.Join(' ', Described(parsed, target)),
        };

        bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };
    }

    /// <summary>
    /// What the model's metadata says of the options. With a target only what was asked for: what was chosen stands
    /// with every weight, and a plan for the size of a model without one must have room for its own words.
    /// </summary>
    private IEnumerable<string> Described(ParseResult parsed, PlanTarget? target)
    {
        if (parsed.GetRequiredValue(_format) == OnnxRuntimeFormat)
        {
            yield return $"{_format.Name} {OnnxRuntimeFormat}";
        }

        foreach (Option<string> option in (Option<string>[])[_method, _storage])
        {
            if (target is null || parsed.GetResult(option) is { Implicit: false })
            {
                yield return $"{option.Name} {parsed.GetRequiredValue(option)}";
            }
        }

        yield return target is null
            ? $"{_codeBits.Name} {parsed.GetValue(_codeBits)}"
            : TargetOptions.Describe(target);
        if (parsed.GetRequiredValue(_hessian) is not "none" and var hessian)
        {
            yield return $"{_hessian.Name} {hessian}";
        }

        yield return $"{_seed.Name} {parsed.GetValue(_seed)}";
    }

    /// <summary>Refuses what has no effect on ONNX Runtime's blocks.</summary>
    private void RequireBlocks(ParseResult parsed, WeightFormat format, PlanTarget? target)
    {
        bool isBlocks = format == WeightFormat.OnnxRuntime;
        foreach (Option option in (Option[])
            [_fast, _method, _storage, _objective, _taps, _codeBits, _noPortable, .. _targets.OfPlanner])
        {
            parsed.RefuseWhere(option, isBlocks, $"--format {OnnxRuntimeFormat} stores blocks of codes alone");
        }

        if (isBlocks && target is { Kind: not (TargetKind.Bits or TargetKind.Size) })
        {
            throw new UsageException(CliTexts.TargetOfBlocks());
        }
    }

    private static WeightPlan PlanOf(string method, string storage, int bits, int taps)
    {
        MetricPlan? metric = method is Auto or Codes ? null : MetricPlans.Of(method);
        if (storage == StorageKinds.Entropy)
        {
            return EntropyCodesPlan.Within(bits) with { Metric = method == Auto ? new RiemPlan() : null };
        }

        return metric ?? (WeightPlan)new UniformCodesPlan { Bits = bits, Taps = taps };
    }

    private static Regex? Pattern(ParseResult parsed, Option<string?> option)
    {
        if (parsed.GetValue(option) is not { } text)
        {
            return null;
        }

        try
        {
            return new Regex(text, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(CliTexts.Pattern(option.Name, text, exception.Message));
        }
    }
}
