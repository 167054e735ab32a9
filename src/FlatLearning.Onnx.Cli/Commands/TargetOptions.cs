using System.CommandLine;
using System.Globalization;
using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Planning;

namespace FlatLearning.Onnx.Cli.Commands;

/// <summary>The options of <c>convert</c> that say what the whole model has to meet.</summary>
internal sealed class TargetOptions
{
    private static readonly (string Unit, double Bytes)[] Units =
    [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
        ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9),
        ("B", 1), (string.Empty, 1),
    ];

    private readonly Option<double> _bits = new Option<double>("--bits")
    {
        Description =
            "Stored bits per weight over the whole model, at most, such as 3.5; everything stored for the weights "
                + "counts. A planner gives each weight what suits it.",
        HelpName = "b",
    }.Positive();

    private readonly Option<PlanTarget?> _size = new("--target-size")
    {
        Description =
            "Size of the converted file, at most: a share of the original's such as 25%, or bytes such as 12MB.",
        HelpName = "size",
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            if (Size(text) is { } target)
            {
                return target;
            }

            result.AddError(CliTexts.NotASize(text));
            return null;
        },
    };

    private readonly Option<double> _error = new Option<double>("--target-error")
    {
        Description =
            "Squared error of the weights over their energy, at most, such as 0.005; as small a file as that allows.",
        HelpName = "e",
    }.Positive();

    private readonly Option<double> _snr = new Option<double>("--target-snr")
    {
        Description =
            "Signal-to-noise ratio of the worst output in dB, at least, measured in ONNX Runtime on made-up inputs; "
                + "as small a file as that allows.",
        HelpName = "dB",
    }.Positive();

    private readonly Option<double> _kl = new Option<double>("--target-kl")
    {
        Description =
            "Divergence of the outputs from the original's on inputs made for the model, at most, such as 0.01 "
            + "(nats; half "
                + "the relative squared error of outputs that are no distributions); as small a file as that allows.",
        HelpName = "nats",
    }.Positive();

    private readonly Option<string> _quality = new Option<string>("--quality")
    {
        Description = "Stored bits per weight in a word: high (5), balanced (4, the default) or small (3).",
        HelpName = "high|balanced|small",
    }.AcceptOnly(["high", "balanced", "small"]);

    private readonly Option<string> _effort = new Option<string>("--effort")
    {
        Description =
            "How much work the planner may cost: fast (codes only), default, or max (every metric, long fits).",
        DefaultValueFactory = _ => "default",
    }.AcceptOnly(["fast", "default", "max"]);

    /// <summary>The options, in the order of the help.</summary>
    public IEnumerable<Option> All => [_bits, _quality, _size, _error, _snr, _kl, _effort];

    /// <summary>Options that only the planner of our operators looks at.</summary>
    public IEnumerable<Option> OfPlanner => [_effort];

    /// <summary>What a conversion meets where nothing is asked for.</summary>
    public static PlanTarget Usual => new(TargetKind.Bits, BitsOf("balanced"));

    /// <summary>The effort: of words and where nothing is asked for the least, unless it is given.</summary>
    public FitEffort Effort(ParseResult parsed, bool isUsual) =>
        (isUsual || parsed.GetResult(_quality) is { Implicit: false })
            && parsed.GetResult(_effort) is not { Implicit: false }
            ? FitEffort.Fast
            : Enum.Parse<FitEffort>(parsed.GetRequiredValue(_effort), ignoreCase: true);

    /// <summary>The one target that was given, or null.</summary>
    /// <exception cref="UsageException">There are several, or an effort without one.</exception>
    public PlanTarget? Target(ParseResult parsed)
    {
        List<(string Option, PlanTarget Target)> given = [];
        Add(_bits, TargetKind.Bits);
        if (parsed.GetValue(_size) is { } size)
        {
            given.Add((_size.Name, size));
        }

        Add(_error, TargetKind.Error);
        Add(_snr, TargetKind.Snr);
        Add(_kl, TargetKind.Kl);
        if (parsed.GetResult(_quality) is { Implicit: false })
        {
            given.Add((_quality.Name, new PlanTarget(TargetKind.Bits, BitsOf(parsed.GetRequiredValue(_quality)))));
        }

        if (given.Count > 1)
        {
            throw new UsageException(CliTexts.SeveralTargets(given.Select(one => one.Option)));
        }

        if (given.Count == 0 && parsed.GetResult(_effort) is { Implicit: false })
        {
            throw new UsageException(CliTexts.EffortWithoutTarget());
        }

        return given.Count == 0 ? null : given[0].Target;

        void Add(Option<double> option, TargetKind kind)
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                given.Add((option.Name, new PlanTarget(kind, parsed.GetValue(option))));
            }
        }
    }

    /// <summary>What the user typed, for the model's metadata.</summary>
    public static string Describe(PlanTarget target) =>
        FormattableString.Invariant((FormattableString)(target.Kind switch
        {
            TargetKind.Bits => $"--bits {target.Value:0.####}",
            TargetKind.Size when target.IsShare => $"--target-size {100 * target.Value:0.##}%",
            TargetKind.Size => $"--target-size {target.Value:0}",
            TargetKind.Error => $"--target-error {target.Value:g4}",
            TargetKind.Kl => $"--target-kl {target.Value:g4}",
            _ => $"--target-snr {target.Value:0.###}",
        }));

    private static double BitsOf(string quality) => quality switch
    {
        "high" => 5,
        "small" => 3,
        _ => 4,
    };

    private static PlanTarget? Size(string text)
    {
        if (text.EndsWith('%'))
        {
            return Number(text[..^1]) is { } percent and < 100
                ? new PlanTarget(TargetKind.Size, percent / 100) { IsShare = true }
                : null;
        }

        (string unit, double bytes) = Units.First(known => text.EndsWith(known.Unit, StringComparison.Ordinal));
        return Number(text[..^unit.Length]) is { } count
            ? new PlanTarget(TargetKind.Size, Math.Floor(count * bytes))
            : null;
    }

    private static double? Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value > 0
            && double.IsFinite(value) ? value : null;
}
