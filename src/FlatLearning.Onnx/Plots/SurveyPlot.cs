using System.Globalization;
using System.Xml.Linq;
using FlatLearning.Fitting.Surveys;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Plots;

/// <summary>
/// Draws a <see cref="SurveyReport"/>: a line per family of representations, ours solid, the formats of others dashed.
/// </summary>
internal static class SurveyPlot
{
    private const string PageStyle = """
        body.rate-page { font-family: system-ui, sans-serif; max-width: 1000px; margin: 1.5em auto; padding: 0 1em; }
        .rate-page table { border-collapse: collapse; font-size: 14px; }
        .rate-page td, .rate-page th { border-bottom: 1px solid; padding: 3px 10px; text-align: right; }
        .rate-page td:nth-child(2), .rate-page th:nth-child(2) { text-align: left; }
        .rate-page td:last-child, .rate-page th:last-child { text-align: left; }
        .rate-page tr.best { font-weight: 700; }

        """;

    /// <summary>Whether a path names a kind of plot that can be written.</summary>
    /// <exception cref="UsageException">It ends neither in .svg nor in .html.</exception>
    public static void CheckKind(string path)
    {
        if (!IsSvg(path) && !IsHtml(path))
        {
            throw new UsageException(Messages.PlotKind(path));
        }
    }

    /// <summary>
    /// Writes an .svg picture, or an .html page with the picture, the conclusions and the table. Needs no network to be
    /// looked at.
    /// </summary>
    /// <param name="path">The file; its end says which.</param>
    /// <param name="title">The heading.</param>
    /// <param name="report">What to draw.</param>
    /// <param name="conclusions">Sentences for the page.</param>
    /// <param name="existing">What happens to a file that is there by then.</param>
    /// <exception cref="OnnxModelException">It cannot be written; nothing was changed.</exception>
    public static void Write(
        string path,
        string title,
        SurveyReport report,
        IReadOnlyList<string> conclusions,
        ExistingFile existing = ExistingFile.Replace)
    {
        CheckKind(path);
        // XML has no way at all to hold some characters that names may hold.
        title = string.Concat(OneLine.Of(title).EnumerateRunes().Select(
            rune => rune.Value < 0xfffe || rune.Value > 0xffff ? rune.ToString() : "?"));
        XElement picture = RatePlot.Draw(title, Series(report));
        TextFile.Write(
            path,
            IsSvg(path) ? $"{picture}\n" : $"<!DOCTYPE html>\n{Page(title, picture, report, conclusions)}\n",
            existing);
    }

    /// <summary>
    /// A line per family, those with the least error at their last point first. Errors of zero have no place on a
    /// logarithmic axis.
    /// </summary>
    internal static IReadOnlyList<PlotSeries> Series(SurveyReport report) =>
    [
        .. report.Rows.Concat(report.Rounding.Where(row => row.Rate is null))
            .Where(row => row.Error > 0)
            .GroupBy(row => row.Family)
            .Select(
                family => new PlotSeries(
                    family.Key, family.First().Own, [.. family.OrderBy(row => row.BitsPerWeight).Select(Point)]))
            .OrderByDescending(series => series.Emphasised)
            .ThenBy(series => series.Name, StringComparer.Ordinal),
    ];

    private static PlotPoint Point(SurveyRow row) => new(
        row.BitsPerWeight!.Value,
        row.Error!.Value,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Representation}: error {row.Error:0.0000e+0} at {row.BitsPerWeight:0.00} bits per weight, "
                + $"{row.Seconds:0.0} s, {row.Status}"));

    private static XElement Page(string title, XElement picture, SurveyReport report, IReadOnlyList<string> conclusions)
    {
        XElement table = new(
            "table",
            new XElement(
                "tr",
                ((string[])[
                    "rate", "representation", "bits per weight", "error", "mean |e| / std", "seconds",
                    "status"]).Select(head => new XElement("th", head))));
        foreach (SurveyRow row in report.Rows)
        {
            string[] cells = [
                Text(row.Rate, "0.##"), row.Representation, Text(row.BitsPerWeight, "0.00"),
                Text(row.Error, "0.000e+0"), Text(row.MeanAbsOverStd, "0.0000"), Text(row.Seconds, "0.0"), row.Status];
            table.Add(
                new XElement(
                    "tr",
                    row.Best ? new XAttribute("class", "best") : null,
                    cells.Select(cell => new XElement("td", cell))));
        }

        return new XElement(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("title", title),
                new XElement("style", PageStyle)),
            new XElement(
                "body",
                new XAttribute("class", "rate-page"),
                picture,
                new XElement("ul", conclusions.Select(sentence => new XElement("li", sentence))),
                table));
    }

    private static string Text(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    private static bool IsSvg(string path) => path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase);

    private static bool IsHtml(string path) => path.EndsWith(".html", StringComparison.OrdinalIgnoreCase);
}
