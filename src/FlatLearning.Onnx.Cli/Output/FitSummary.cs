using System.Globalization;
using FlatLearning.Fitting.Gradients;
using FlatLearning.Fitting.Surveys;
using FlatLearning.Onnx.Matrices;

namespace FlatLearning.Onnx.Cli.Output;

/// <summary>
/// The text that <c>fit</c> prints: what was fitted, a table by rate, a sentence per rate, what was left out.
/// </summary>
internal static class FitSummary
{
    /// <summary>Writes heading, table and sentences.</summary>
    public static void Write(
        TextWriter stdout, DenseMatrix matrix, SurveyReport report, IReadOnlyList<string> conclusions, bool everyRow)
    {
        string stored = string.Join(',', matrix.StoredDims);
        stdout.Say(
            $"{SentenceText.OneLine(matrix.Source)}: {matrix.Type} [{stored}], fitted as {matrix.Rows} x "
                + $"{matrix.Columns}");
        stdout.WriteLine();
        TextTable table =
            new(">rate", "representation", ">bits", ">error", ">|e|/std", ">saved", ">numbers", ">s", "status");
        double? shown = null;
        foreach (SurveyRow row in report.Rows)
        {
            if (shown is not null && row.Rate != shown)
            {
                AddBlank(table);
            }

            Add(table, row, row.Rate == shown ? string.Empty : Number(row.Rate, "0.##"));
            shown = row.Rate;
        }

        SurveyRow[] between = everyRow ? [.. report.Rounding.Where(row => row.Rate is null)] : [];
        for (int i = 0; i < between.Length; i++)
        {
            if (i == 0)
            {
                AddBlank(table);
            }

            Add(table, between[i], i == 0 ? "other" : string.Empty);
        }

        table.Write(stdout);
        stdout.WriteLine();
        foreach (string sentence in conclusions)
        {
            stdout.Say(sentence);
        }
    }

    /// <summary>Writes how well derivatives agree, one line per method and group of unknowns.</summary>
    public static void WriteGradients(TextWriter stdout, IReadOnlyList<MethodGradients> methods)
    {
        if (methods.Count == 0)
        {
            return;
        }

        stdout.WriteLine();
        TextTable table = new("derivatives of", "along", ">gradient off by", ">curvature off by", "status");
        foreach (MethodGradients method in methods)
        {
            foreach (GradientReport report in method.Groups)
            {
                table.Add(
                    method.Method,
                    report.Group,
                    ErrorText.Of(report.GradientError),
                    ErrorText.Of(report.CurvatureError),
                    report.Passed ? "agrees" : "DIFFERS");
            }

            if (method.Groups.Count == 0)
            {
                table.Add(method.Method, "-", "-", "-", "fitted without derivatives");
            }
        }

        table.Write(stdout);
        stdout.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"against central differences in double precision on the first rows and columns, relative; "
                    + $"{GradientReport.Tolerance:0e0} is allowed for sums in float32"));
    }

    /// <summary>Writes what the columns mean, what was left out, and where the plot is.</summary>
    public static void WriteEnd(TextWriter stdout, SurveyReport report, double timeLimit, string? plot)
    {
        stdout.WriteLine();
        stdout.Say(
            "bits are stored bits per weight; error is ||W - W~||² / ||W||²; |e|/std the mean magnitude of W - W~ "
            + "over the standard deviation of W; "
                + "* is the least error at its rate");
        stdout.Say("d coordinates of a state, s bits of each, R shifts and M features of RieM, H heads of DyN");
        stdout.Say(
            "saved: bits per weight that plain rounding needs more for the same error (interpolated; negative where "
                + "it needs fewer)");
        int left = report.Rows.Count(row => row.Status == Survey.TimeLimit);
        if (left > 0)
        {
            stdout.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the time limit of {timeLimit:0.###} s left out or cut off {left} of {report.Rows.Count} fits; "
                        + $"--time-limit gives more"));
        }

        stdout.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Rows.Count - left} fits in {report.Seconds:0.0} "
                    + $"s{(plot is null ? string.Empty : $"; wrote {plot}")}"));
    }

    private static void Add(TextTable table, SurveyRow row, string rate) => table.Add(
        rate,
        (row.Best ? "* " : "  ") + row.Representation,
        Number(row.BitsPerWeight, "0.00"),
        ErrorText.Of(row.Error),
        ErrorText.Of(row.MeanAbsOverStd),
        Saved(row.BitsSaved),
        row.Parameters?.ToString(CultureInfo.InvariantCulture) ?? "-",
        Number(row.Seconds, "0.0"),
        row.Status);

    // Rounded first: what is not quite zero would be "-+0.00".
    private static string Saved(double? bits) =>
        bits is { } value ? Math.Round(value, 2).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) : "-";

    private static void AddBlank(TextTable table) => table.Add([.. Enumerable.Repeat(string.Empty, 9)]);

    private static string Number(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
