using System.CommandLine;
using System.Globalization;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Fitting.Surveys;
using FlatLearning.Onnx.Cli.Output;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Matrices;
using FlatLearning.Onnx.Plots;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary><c>flat-onnx fit</c>.</summary>
internal sealed class FitCommand
{
    private const int MaxSize = 4096;
    private const int MaxStateBits = 8;

    /// <summary>
    /// Measured: at equal stored bits RieM loses less with more coordinates of 6 bits than with fewer of 8.
    /// </summary>
    private const int UsualStateBits = 6;

    private const string Auto = "auto";
    private const string Codes = "codes";

    private readonly Argument<string> _matrix = CommonOptions.Model(
        "matrix", "matrix.npy, archive.npz::array or model.onnx::initializer; a model alone lists what it has.");
    private readonly Option<string> _method = new Option<string>("--method")
    {
        Description =
            "Which of our representations to fit: auto (all), codes, or one of the metrics. The formats of others "
                + "are always there to compare.",
        DefaultValueFactory = _ => Auto,
    }.AcceptOnly([Auto, Codes, .. MetricKinds.All]);

    private readonly Option<string> _bits = new("--bits")
    {
        Description = "Stored bits per weight to compare at, separated by commas.",
        HelpName = "list",
        DefaultValueFactory = _ => string.Join(
            ',', SurveyOptions.DefaultRates.Select(rate => rate.ToString(CultureInfo.InvariantCulture))),
    };

    private readonly Option<int> _stateDim = new Option<int>("--state-dim")
    {
        Description = "Coordinates of a metric's states; by default what each rate has room for.",
        HelpName = "d",
    }.From(1);
    private readonly Option<int> _shifts = Size("--shifts", "Cyclic shifts of RieM.", "R", new RiemPlan().Shifts);
    private readonly Option<int> _width = Size("--width", "Features per shift of RieM.", "M", new RiemPlan().Width);
    private readonly Option<int> _stateBits = Size(
        "--state-bits", "Bits of a state's coordinate, 1 to 8; the published metrics have 8.", "s", UsualStateBits);
    private readonly Option<double> _timeLimit = new Option<double>("--time-limit")
    {
        Description =
            "Seconds for everything, shared out over the fits of metrics; what is not done by then is left out, and "
                + "the table says so.",
        HelpName = "seconds",
        DefaultValueFactory = _ => new SurveyOptions().TimeLimit,
    }.Positive();

    private readonly Option<bool> _checkGradients = new("--check-gradients")
    {
        Description =
            "Compare the derivatives that the metrics are fitted with to central differences in double precision; a "
                + "difference is exit status 3.",
    };

    private readonly Option<bool> _transpose = new("--transpose")
    {
        Description = "Fit the transpose: for weights stored as [outputs, inputs].",
    };
    private readonly Option<string?> _plot =
        CommonOptions.FilePath("--plot", "Draw error against bits into this .svg or .html file.");
    private readonly Option<bool> _overwrite = CommonOptions.Overwrite();
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<int> _seed = CommonOptions.Seed();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<bool> _quiet = CommonOptions.Quiet();
    private readonly Option<bool> _verbose =
        CommonOptions.Verbose("Plain rounding at all its bits in the table too, and a stack trace with an error.");

    /// <summary>Creates the verb.</summary>
    public static Command Create(TextWriter stdout, TextWriter stderr)
    {
        FitCommand verb = new();
        Command command =
            new("fit", "Stores one matrix in every representation at equal bits, and compares what each loses.")
        {
            verb._matrix, verb._method, verb._bits, verb._stateDim, verb._shifts, verb._width, verb._stateBits,
                verb._timeLimit, verb._checkGradients, verb._transpose,
            verb._plot, verb._overwrite, verb._threads, verb._seed, verb._json, verb._quiet, verb._verbose,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => verb.Run(parsed, stdout, stderr, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, TextWriter stdout, TextWriter stderr, CancellationToken cancellation)
    {
        RefuseIdle(parsed);
        SurveyOptions options = Options(parsed);
        string? plot = parsed.GetValue(_plot);
        ExistingTarget existing = parsed.GetValue(_overwrite) ? ExistingTarget.Replace : ExistingTarget.Refuse;
        MatrixLocation location = MatrixLocation.Parse(parsed.GetRequiredValue(_matrix));
        if (plot is not null)
        {
            SurveyPlot.CheckKind(plot);
            OutputTarget.Check(plot, existing, _plot.Name, location.Path);
        }

        DenseMatrix matrix = MatrixReader.Read(
            location,
            parsed.GetValue(_transpose) ? MatrixOrientation.Transposed : MatrixOrientation.AsStored);
        bool quiet = parsed.GetValue(_quiet);
        MethodGradients[] gradients = parsed.GetValue(_checkGradients)
            ? [.. MethodGradients.Check(matrix, options)]
            : [];
        SurveyReport report;
        using (ProgressReporter progress = new(stderr, "fitting"))
        {
            report =
                Survey.Run(matrix.Values, matrix.Rows, matrix.Columns, options, quiet ? null : progress, cancellation);
        }

        string[] conclusions = [.. report.Conclusions.Select(ConclusionText.Of)];
        if (plot is not null)
        {
            SurveyPlot.Write(
                plot,
                $"{location with { Path = Path.GetFileName(location.Path) }}, {matrix.Rows} x {matrix.Columns}",
                report,
                conclusions,
                existing == ExistingTarget.Replace ? ExistingFile.Replace : ExistingFile.Refuse);
        }

        if (parsed.GetValue(_json))
        {
            JsonOutput.Write(stdout, new
            {
                Input = matrix.Source,
                report.Shape,
                report.Rows,
                report.Rounding,
                Conclusions = report.Conclusions.Select((conclusion, i) => new
                {
                    conclusion.Rate,
                    conclusion.Best.Representation,
                    conclusion.RoundingErrorAtSameBits,
                    conclusion.RoundingBitsForSameError,
                    Sentence = conclusions[i],
                }),
                Gradients = parsed.GetValue(_checkGradients) ? gradients : null,
                options.TimeLimit,
                report.Seconds,
                Plot = plot,
            });
        }
        else if (!quiet)
        {
            FitSummary.Write(stdout, matrix, report, conclusions, parsed.GetValue(_verbose));
            FitSummary.WriteGradients(stdout, gradients);
            FitSummary.WriteEnd(stdout, report, options.TimeLimit, plot);
        }

        if (gradients.Any(method => !method.Passed))
        {
            stderr.WriteLine(CliTexts.GradientsDiffer(gradients.First(method => !method.Passed).Method));
            return ExitCode.CheckFailed;
        }

        return ExitCode.Done;
    }

    private void RefuseIdle(ParseResult parsed)
    {
        string method = parsed.GetRequiredValue(_method);
        bool hasRiem = method is Auto or MetricKinds.Riem;
        foreach (Option option in (Option[])[_stateDim, _stateBits, _checkGradients])
        {
            parsed.RefuseWhere(option, method == Codes, "--method codes fits no metric");
        }

        foreach (Option option in (Option[])[_shifts, _width])
        {
            parsed.RefuseWhere(option, !hasRiem, $"--method {method} does not fit RieM");
        }

        parsed.RefuseWhere(_overwrite, parsed.GetValue(_plot) is null, "without --plot nothing is written");
    }

    private SurveyOptions Options(ParseResult parsed) => new()
    {
        Rates = RateList.Parse(parsed.GetRequiredValue(_bits)),
        Codes = parsed.GetRequiredValue(_method) is Auto or Codes,
        Metrics = [
            .. MetricPlans.All.Where(metric => TakesPart(metric, parsed)).Select(metric => Sized(metric, parsed))],
        TimeLimit = parsed.GetValue(_timeLimit),
        Threads = parsed.GetValue(_threads),
        Seed = parsed.GetValue(_seed),
    };

    private bool TakesPart(MetricPlan metric, ParseResult parsed) =>
        parsed.GetRequiredValue(_method) is Auto || parsed.GetRequiredValue(_method) == metric.Kind;

    private MetricPlan Sized(MetricPlan metric, ParseResult parsed)
    {
        (int shifts, int width) = (AtMost(parsed, _shifts, MaxSize), AtMost(parsed, _width, MaxSize));
        MetricPlan plan = metric is RiemPlan riem ? riem with { Shifts = shifts, Width = width } : metric;
        return plan with
        {
            StateDim = AtMost(parsed, _stateDim, MaxSize),
            StateBits = AtMost(parsed, _stateBits, MaxStateBits),
        };
    }

    private static int AtMost(ParseResult parsed, Option<int> option, int largest)
    {
        int value = parsed.GetValue(option);
        return value <= largest ? value : throw new UsageException(CliTexts.TooLarge(option.Name, value, largest));
    }

    private static Option<int> Size(string name, string description, string help, int usual) =>
        new Option<int>(name) { Description = description, HelpName = help, DefaultValueFactory = _ => usual }.From(1);
}
