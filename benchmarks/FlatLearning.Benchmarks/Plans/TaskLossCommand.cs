using System.Diagnostics;
using System.Globalization;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Sensitivity;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Sensitivity;
using FlatLearning.Onnx.Tournament;

namespace FlatLearning.Benchmarks.Plans;

/// <summary>
/// <c>task-loss --models DIR [--data DIR] [--match A,B] [--bits 4,3,2] [--equal] [--settings plain,tournament]
/// [--effort E] [--op-types MatMul,Gemm]</c>: what models lose by ways of conversion at equal stored bits, on inputs
/// that no fit has seen (<see cref="EvaluationInputs"/>): negative log-likelihood and accuracy where the data has
/// labels, divergence of the outputs everywhere (Kullback-Leibler, or half the relative squared error), with paired
/// bootstrap intervals of the losses. <c>--equal</c>: every setting gets the bits that plain codes of so many bits
/// store. The setting <c>peers</c> is the format of others that loses least with up to half a bit more. <c>--op-types
/// all</c>: every weight.
/// </summary>
internal static class TaskLossCommand
{
    /// <summary>Bits that formats of others get beyond ours.</summary>
    private const double PeerGift = 0.5;

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        double[] rates = Array.ConvertAll(
            options.Text("--bits", "4,3,2").Split(','), text => double.Parse(text, CultureInfo.InvariantCulture));
        string[] settings = options.Text("--settings", "plain,tournament").Split(',');
        string[] match = options.Text("--match", string.Empty).Split(',');
        string? data = options.Has("--data") ? options.Required("--data") : null;
        FitEffort effort = Enum.Parse<FitEffort>(options.Text("--effort", nameof(FitEffort.Fast)), ignoreCase: true);
        string asked = options.Text("--op-types", "MatMul,Gemm");
        IReadOnlySet<string> opTypes = asked == "all"
            ? new ConvertOptions().OpTypes
            : asked.Split(',').ToHashSet();
        Console.WriteLine(
            "| model | inputs | setting | asked | stored bits | NLL lost | 95 % | accuracy lost | output loss | 95 % "
                + "| CPU s |\n|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (string path in Directory.GetFiles(options.Required("--models"), "*.onnx").Order(StringComparer.Ordinal)
            .Where(
                path => match.Any(
                    part => Path.GetFileNameWithoutExtension(path).Contains(part, StringComparison.Ordinal))))
        {
            EvaluationInputs inputs = EvaluationInputs.Of(path, data);
            LossMeter meter = new(path, inputs);
            OnnxModel original = OnnxModelFile.Load(path);
            string name = Path.GetFileNameWithoutExtension(path);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {inputs.Description} ({inputs.Samples.Count}) | float32 | | 32 | "
                + $"{meter.OriginalNll:0.0000} "
                    + $"| | {meter.OriginalAccuracy:0.0000} | {meter.Measure} | | |"));
            PeerLosses peers = new(path, meter);
            foreach (double rate in rates)
            {
                double bits = options.Has("--equal")
                    ? Stored(ModelConverter.Convert(original, Setting("plain", rate, effort, opTypes)))
                    : rate;
                foreach (string setting in settings)
                {
                    if (setting == "peers")
                    {
                        Print(name, inputs, peers.Best(bits + PeerGift), bits);
                    }
                    else
                    {
                        Row(name, inputs, meter, original, setting, setting == "plain" ? rate : bits, effort, opTypes);
                    }
                }
            }
        }

        return 0;
    }

    private static void Row(
        string name, EvaluationInputs inputs, LossMeter meter, OnnxModel original, string setting, double asked,
        FitEffort effort, IReadOnlySet<string> opTypes)
    {
        if (setting == "plain" && asked != Math.Round(asked))
        {
            return;
        }

        TimeSpan start = CpuTime();
        ConvertedModel converted = ModelConverter.Convert(original, Setting(setting, asked, effort, opTypes));
        double seconds = (CpuTime() - start).TotalSeconds;
        foreach (TournamentCandidate candidate in converted.Tournament?.Candidates ?? [])
        {
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name} {asked:0.00} {candidate.Name}: {candidate.BitsPerWeight:0.000} bits, loss "
                    + $"{candidate.Loss:0.000000}"));
        }

        LossResult loss = meter.Of(converted.Model, converted.Weights.Any(weight => weight.SkippedReason is null));
        Print(name, inputs, setting, asked, Stored(converted), loss, seconds);
    }

    private static void Print(
        string name, EvaluationInputs inputs, (string Name, double Bits, LossResult Loss)? peer, double asked)
    {
        if (peer is { } best)
        {
            Print(name, inputs, $"best of others: {best.Name}", asked + PeerGift, best.Bits, best.Loss, double.NaN);
        }
    }

    private static void Print(
        string name, EvaluationInputs inputs, string setting, double asked, double stored, LossResult loss,
        double seconds) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {inputs.Description} | {setting} | {asked:0.000} | {stored:0.000} | "
                + $"{loss.Nll.Sum():0.00000} | {Interval(loss.Nll)} | {loss.Accuracy.Sum():0.0000} | "
                + $"{loss.Outputs.Loss:0.000000} | {Interval(loss.Outputs.Parts)} | {seconds:0.0} |"));

    /// <summary>Of all threads: other work on the machine does not count.</summary>
    private static TimeSpan CpuTime()
    {
        using Process process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    private static string Interval(IReadOnlyList<double> parts)
    {
        PairedInterval interval = PairedInterval.Of(parts, new double[parts.Count]);
        return string.Create(CultureInfo.InvariantCulture, $"{interval.Low:0.00000} to {interval.High:0.00000}");
    }

    /// <summary>Stored bits over the weights that were converted.</summary>
    private static double Stored(ConvertedModel converted)
    {
        WeightReport[] done = [.. converted.Weights.Where(weight => weight.SkippedReason is null)];
        return 8 * done.Sum(weight => (double)weight.StoredBytes)
            / done.Sum(weight => (double)weight.Shape.Aggregate(1L, (product, dimension) => product * dimension));
    }

    private static UniformCodesPlan Plain(int bits) => new() { Bits = bits };

    /// <summary>prior:MATRIX:ROWS[:nobands], the exponents of <see cref="ErrorPrior"/>.</summary>
    private static ErrorPrior Prior(string setting)
    {
        double[] numbers = Array.ConvertAll(
            setting.Split(':')[1..3], text => double.Parse(text, CultureInfo.InvariantCulture));
        return new ErrorPrior { Matrix = numbers[0], Rows = numbers[1] };
    }

    private static ConvertOptions Setting(string setting, double bits, FitEffort effort, IReadOnlySet<string> opTypes)
    {
        ConvertOptions options = new()
        {
            Search = new PlanRequest { Effort = effort },
            Runs = OnnxRuntimeRuns.Instance,
            Target = new PlanTarget(TargetKind.Bits, bits),
            OpTypes = opTypes,
        };
        return setting switch
        {
            "plain" => options with { Target = null, Plan = Plain((int)bits), DensePlan = Plain((int)bits) },
            "none" => options,
            "tournament" => options with { Tournament = true },
            "weight-error" => options with { Prior = ErrorPrior.WeightError },
            _ when setting.StartsWith("prior:", StringComparison.Ordinal) => options with { Prior = Prior(setting) },
            "auto" => options with { Hessian = HessianMode.Auto },
            _ => throw new ArgumentException($"the setting '{setting}' is not known"),
        };
    }
}
