using System.Globalization;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Verification;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Tournament;

namespace FlatLearning.Onnx.Cli.Output;

/// <summary>
/// The text that <c>convert</c> prints: what was converted, what was skipped and why, bytes before and after, the worst
/// error.
/// </summary>
internal static class ConversionSummary
{
    private const int MaxRows = 20;

    /// <summary>Writes the summary.</summary>
    public static void Write(TextWriter stdout, VerifiedConversion report, bool everyWeight)
    {
        WeightReport[] converted = [.. report.Weights.Where(weight => weight.SkippedReason is null)];
        WeightReport[] skipped = [.. report.Weights.Where(weight => weight.SkippedReason is not null)];
        if (converted.Length > 0)
        {
            WriteConverted(stdout, converted, everyWeight);
        }

        if (skipped.Length > 0)
        {
            stdout.Say($"left as they are, {skipped.Length}:");
            foreach (IGrouping<string, WeightReport> reason in skipped.GroupBy(weight => weight.SkippedReason!))
            {
                string names =
                    string.Join(
                        ", ",
                        reason.Take(everyWeight ? int.MaxValue : 3).Select(weight => SentenceText.Name(weight.Name)));
                string more = !everyWeight && reason.Count() > 3 ? $" and {reason.Count() - 3} more" : string.Empty;
                stdout.Say(
                    $"  {names}{more} ({ByteText.Format(reason.Sum(weight => weight.OriginalBytes))}): {reason.Key}");
            }
        }

        if (converted.Length == 0)
        {
            return;
        }

        WeightReport worst = converted.MaxBy(weight => weight.Error)!;
        long before = converted.Sum(weight => weight.OriginalBytes);
        long after = converted.Sum(weight => weight.StoredBytes);
        stdout.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"converted {report.Converted} weights: {ByteText.Format(before)} -> {ByteText.Format(after)}, "
                    + $"{report.BitsPerWeight:0.00} bits per weight; everything else: "
                    + $"{ByteText.Format(report.InputBytes - before)} -> "
                    + $"{ByteText.Format(report.OutputBytes - after)}"));
        stdout.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"worst error {worst.Error:0.00000} at {SentenceText.Name(worst.Name)} "
                    + $"({string.Join(", ", worst.Nodes.Take(3).Select(SentenceText.Name))})"));
        if (report.Target is { } target)
        {
            WriteTarget(stdout, target, report.DryRun);
        }

        if (report.Tournament is { } tournament)
        {
            WriteTournament(stdout, tournament);
        }

        stdout.Say(
            report.HasBlocks ? "runs in ONNX Runtime 1.20 and newer, without the library"
                : report.Portable ? "runs with the library, and without it in any ONNX Runtime"
                : "runs only with the library registered");
        string verb = report.DryRun ? "would write" : "wrote";
        stdout.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{verb} {report.Output}: {ByteText.Format(report.InputBytes)} -> "
                    + $"{ByteText.Format(report.OutputBytes)} "
                    + $"({100.0 * report.OutputBytes / report.InputBytes:0.0}%) in {report.Seconds:0.0} s, peak "
                    + $"memory {ByteText.Format(report.PeakMemoryBytes)}"));
        if (report.Verify is { } verify)
        {
            WriteVerification(stdout, verify, report.HasBlocks);
        }
    }

    private static void WriteTarget(TextWriter stdout, TargetReport target, bool dryRun)
    {
        (string asked, string reached) = target.Kind switch
        {
            "bits" => ($"at most {Fixed(target.Asked)} bits per weight", Fixed(target.Reached)),
            "size" => ($"at most {ByteText.Format((long)target.Asked)}", ByteText.Format((long)target.Reached!)),
            "kl" => (string.Create(CultureInfo.InvariantCulture, $"outputs that diverge by at most {target.Asked:g4}"),
                target.Reached is null
                    ? "no difference"
                    : string.Create(CultureInfo.InvariantCulture, $"{target.Reached:g4}")),
            "error" =>
                (string.Create(
                    CultureInfo.InvariantCulture,
                    $"weight error of at most {target.Asked:g4}"), string.Create(
                        CultureInfo.InvariantCulture, $"{target.Reached:g4}")),
            _ =>
                ($"at least {Fixed(target.Asked)} dB at every output", target.Reached is null
                    ? "no difference"
                    : $"{Fixed(target.Reached)} dB"),
        };
        stdout.Say(
            $"target: {asked}; {(dryRun ? "predicted" : "reached")} "
                + $"{reached}{(target.Met ? string.Empty : ", NOT MET")}");
        string fitted = target.Error is { } error
            ? string.Create(CultureInfo.InvariantCulture, $", fitted {error:0.000000}")
            : string.Empty;
        stdout.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"plan: predicted {target.PredictedBytes} bytes and "
                    + $"{(target.Kind is "snr" or "kl" ? "output noise" : "weight error")} "
                    + $"{target.PredictedError:0.000000}{fitted}"));
    }

    private static void WriteTournament(TextWriter stdout, TournamentReport tournament)
    {
        string unit = tournament.Measure == "kl"
            ? "divergence from the original in nats"
            : "half the relative squared error";
        stdout.Say(
            $"outputs on {tournament.Inputs} ({tournament.Samples} {(tournament.Samples == 1 ? "run" : "runs")} "
                + $"that no fit has seen), {unit}: best {tournament.Winner}");
        TextTable table = new("way", ">bits/weight", ">loss", ">times the best", "by (95 %)");
        double best = tournament.Candidates[0].Loss ?? double.NaN;
        foreach (TournamentCandidate candidate in tournament.Candidates)
        {
            table.Add(
                candidate.Name,
                candidate.BitsPerWeight.ToString("0.000", CultureInfo.InvariantCulture),
                candidate.Loss?.ToString("g4", CultureInfo.InvariantCulture) ?? "not finite",
                best > 0 && candidate.Loss is { } loss
                    ? (loss / best).ToString("0.00", CultureInfo.InvariantCulture)
                    : string.Empty,
                string.Create(CultureInfo.InvariantCulture, $"{candidate.LossLow:g3} to {candidate.LossHigh:g3}"));
        }

        table.Write(stdout);
    }

    private static string Fixed(double? value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0000}");

    /// <summary>Writes what the verification found; blocks of ONNX Runtime run in one way alone.</summary>
    public static void WriteVerification(TextWriter stdout, VerificationReport verify, bool hasBlocks)
    {
        foreach (string note in verify.Notes)
        {
            stdout.Say($"verify: {note}");
        }

        if (verify.Samples == 0)
        {
            stdout.Say("verify: could not be carried out");
            return;
        }

        ComparisonSummary.WriteOutputs(stdout, verify.Outputs);
        if (hasBlocks)
        {
            stdout.Say($"verify: {verify.Samples} samples: {(verify.Passed ? "passed" : "FAILED")}");
            return;
        }

        stdout.Say(
            $"verify: {verify.Samples} samples; library against restored model {Number(verify.LibraryRestored)}, "
                + $"functions against restored model {Number(verify.PortableRestored)}, functions against library "
                + $"{Number(verify.LibraryPortable)} (relative L2, at most {Number(verify.Tolerance)}): "
                + $"{(verify.Passed ? "passed" : "FAILED")}");
    }

    private static string Number(double? value) =>
        value is { } number ? number.ToString("0.0e+00", CultureInfo.InvariantCulture) : "not run";

    private static void WriteConverted(TextWriter stdout, WeightReport[] converted, bool everyWeight)
    {
        bool planned = converted.Any(weight => weight.Choice is not null);
        TextTable table = new("weight", ">shape", "type", ">before", ">after", ">bits/weight", ">error", "stored as");
        WeightReport[] shown = everyWeight
            ? converted
            : [.. converted.OrderByDescending(weight => weight.OriginalBytes).Take(MaxRows)];
        foreach (WeightReport weight in shown)
        {
            table.Add(
                weight.Name,
                string.Join('x', weight.Shape),
                weight.Dtype,
                ByteText.Format(weight.OriginalBytes),
                ByteText.Format(weight.StoredBytes),
                weight.BitsPerWeight.ToString("0.00", CultureInfo.InvariantCulture),
                weight.Error!.Value.ToString("0.00000", CultureInfo.InvariantCulture),
                weight.Dense is null ? weight.Representation! : $"{weight.Representation}, dense when it runs");
        }

        table.Write(stdout);
        foreach (WeightReport weight in shown.Where(weight => planned && weight.Choice is { Length: > 0 }))
        {
            stdout.Say($"  {SentenceText.Name(weight.Name)}: {weight.Choice}");
        }

        if (shown.Length < converted.Length)
        {
            stdout.Say($"  and {converted.Length - shown.Length} smaller ones (--verbose lists them)");
        }
    }
}
