using System.Globalization;
using System.Xml.Linq;

namespace FlatLearning.Onnx.Plots;

/// <summary>
/// Error (logarithmic) against bits per weight as SVG: a line per series with its label beside the last point, and a
/// text under the pointer for every point. One self-contained picture, light or dark as the reader's system is.
/// </summary>
internal static class RatePlot
{
    private const double Width = 980;
    private const double Height = 620;
    private const double Left = 74;
    private const double Right = 700;
    private const double Top = 56;
    private const double Bottom = 560;
    private const double LabelGap = 16;
    private const double LabelDistance = 15;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>Draws a plot.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="series">At least one; where there are none, a picture that says so.</param>
    public static XElement Draw(string title, IReadOnlyList<PlotSeries> series)
    {
        XElement root = new(
            Svg + "svg",
            new XAttribute("viewBox", FormattableString.Invariant($"0 0 {Width} {Height}")),
            new XAttribute("class", "rate-plot"),
            new XAttribute("role", "img"),
            new XElement(Svg + "title", title),
            new XElement(Svg + "style", PlotStyle.Css),
            new XElement(
                Svg + "rect", new XAttribute("class", "page"), Number("width", Width), Number("height", Height)),
            Text(title, Left, Top - 26, "heading", "start"));
        if (series.Count == 0)
        {
            root.Add(Text("no representation has an error above zero", Left, (Top + Bottom) / 2, "axis", "start"));
            return root;
        }

        PlotPoint[] points = [.. series.SelectMany(line => line.Points)];
        PlotAxis x = PlotAxis.Linear(points.Max(point => point.X), Left, Right);
        PlotAxis y = PlotAxis.Logarithmic(points.Min(point => point.Y), points.Max(point => point.Y), Bottom, Top);
        AddAxes(root, x, y);
        double[] labels =
            LabelSpacing.Spread([.. series.Select(line => y.At(line.Points[^1].Y))], LabelDistance, Top, Bottom);
        // What is emphasised comes last and lies on top; each kind counts its colours for itself.
        (int strong, int quiet) = (0, 0);
        foreach (int i in Enumerable.Range(0, series.Count).OrderBy(i => series[i].Emphasised))
        {
            string colour = series[i].Emphasised
                ? $"own c{strong++ % PlotStyle.Strong}"
                : $"peer c{quiet++ % PlotStyle.Quiet}";
            root.Add(Line(series[i], colour, x, y, labels[i]));
        }

        return root;
    }

    private static void AddAxes(XElement root, PlotAxis x, PlotAxis y)
    {
        foreach (double tick in x.Ticks)
        {
            root.Add(
                Stroke(x.At(tick), Top, x.At(tick), Bottom, "grid"),
                Text(tick.ToString(CultureInfo.InvariantCulture), x.At(tick), Bottom + 18, "axis", "middle"));
        }

        foreach (double tick in y.Ticks)
        {
            root.Add(
                Stroke(Left, y.At(tick), Right, y.At(tick), "grid"),
                Text(TickText(tick), Left - 8, y.At(tick) + 4, "axis", "end"));
        }

        root.Add(
            Text("stored bits per weight", (Left + Right) / 2, Bottom + 42, "axis", "middle"),
            Text("error ||W - W~||² / ||W||²", Left, Top - 8, "axis", "start"));
    }

    private static XElement Line(PlotSeries series, string colour, PlotAxis x, PlotAxis y, double label)
    {
        PlotPoint last = series.Points[^1];
        string path = string.Join(
            ' ',
            series.Points.Select(point => FormattableString.Invariant($"{x.At(point.X):0.##},{y.At(point.Y):0.##}")));
        XElement group = new(
            Svg + "g",
            new XAttribute("class", $"series {colour}"),
            new XElement(Svg + "polyline", new XAttribute("points", path)),
            Stroke(x.At(last.X) + 5, y.At(last.Y), Right + LabelGap - 4, label, "leader"),
            Text(series.Name, Right + LabelGap, label + 4, "label", "start"));
        foreach (PlotPoint point in series.Points)
        {
            // The wide invisible circle is what the pointer has to hit.
            group.Add(new XElement(
                Svg + "g",
                new XElement(Svg + "title", point.Hover),
                new XElement(
                    Svg + "circle",
                    new XAttribute("class", "reach"),
                    Number("cx", x.At(point.X)),
                    Number("cy", y.At(point.Y)),
                    Number("r", 8)),
                new XElement(
                    Svg + "circle",
                    new XAttribute("class", "dot"),
                    Number("cx", x.At(point.X)),
                    Number("cy", y.At(point.Y)),
                    Number("r", 3.2))));
        }

        return group;
    }

    private static XElement Stroke(double x1, double y1, double x2, double y2, string kind) =>
        new(Svg
            + "line", new XAttribute(
                "class", kind), Number("x1", x1), Number("y1", y1), Number("x2", x2), Number("y2", y2));

    private static XElement Text(string text, double x, double y, string kind, string anchor) =>
        new(Svg
            + "text", new XAttribute(
                "class", kind), Number("x", x), Number("y", y), new XAttribute("text-anchor", anchor), text);

    private static XAttribute Number(string name, double value) =>
        new(name, value.ToString("0.##", CultureInfo.InvariantCulture));

    private static string TickText(double tick) =>
        tick is >= 0.001 and <= 1000
            ? tick.ToString("0.###", CultureInfo.InvariantCulture)
            : tick.ToString("0e+0", CultureInfo.InvariantCulture);
}
