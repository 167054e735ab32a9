using System.Globalization;
using System.Xml.Linq;
using FlatLearning.Fitting.Surveys;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Plots;
using FlatLearning.Onnx.Tests.Support;

namespace FlatLearning.Onnx.Tests.Plots;

public sealed class RatePlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Draw_Series_HasALineALabelAndAHoverTextForEveryPoint()
    {
        XElement picture = XElement.Parse(
            RatePlot.Draw(
                "a <title> & more",
                [Line("ours \"x\" < y", true, (1, 0.3), (4, 0.004)), Line("theirs", false, (2, 1e-30))]).ToString());
        Assert.Equal("a <title> & more", picture.Element(Svg + "title")!.Value);
        Assert.Equal(2, picture.Descendants(Svg + "polyline").Count());
        Assert.Equal(["theirs", "ours \"x\" < y"], Texts(picture, "label"));
        Assert.Equal(
            ["1 & 0.3", "4 & 0.004", "2 & 1E-30"],
            picture.Descendants(Svg + "g")
                .Elements(Svg + "title")
                .Select(title => title.Value)
                .Order(StringComparer.Ordinal)
                .OrderBy(text => text[0] == '2'));
    }

    /// <summary>
    /// Positions by the axes' own labels: equal ratios of error are equal distances, more bits are further right, less
    /// error further down.
    /// </summary>
    [Fact]
    public void Draw_Points_LieWhereTheAxesSay()
    {
        XElement picture = RatePlot.Draw("t", [Line("a", true, (1, 1), (2, 0.1), (3, 0.01), (4, 0.001))]);
        double[] x = [.. Dots(picture, "cx")];
        double[] y = [.. Dots(picture, "cy")];
        for (int i = 1; i < x.Length; i++)
        {
            Assert.Equal(x[1] - x[0], x[i] - x[i - 1], 0.011);
            Assert.Equal(y[1] - y[0], y[i] - y[i - 1], 0.011);
            Assert.True(x[i] > x[i - 1] && y[i] > y[i - 1]);
        }

        Assert.Contains("0.01", Texts(picture, "axis"));
        Assert.Contains("4", Texts(picture, "axis"));
    }

    [Fact]
    public void Draw_Everything_StaysInsideThePicture()
    {
        PlotSeries[] many = [
            .. Enumerable.Range(0, 26).Select(i => Line($"s{i}", i % 2 == 0, (0.5, 3.2), (8.75, 1e-5 * (1 + i))))];
        XElement picture = RatePlot.Draw("t", many);
        double[] box = [
            .. picture.Attribute("viewBox")!.Value.Split(' ')
                .Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
        foreach (XElement element in picture.Descendants())
        {
            Assert.All(
                ((string[])["x", "x1", "x2", "cx"]).Select(name => element.Attribute(name)).OfType<XAttribute>(),
                a => Assert.InRange((double)a, 0, box[2]));
            Assert.All(
                ((string[])["y", "y1", "y2", "cy"]).Select(name => element.Attribute(name)).OfType<XAttribute>(),
                a => Assert.InRange((double)a, 0, box[3]));
        }

        double[] labels = [
            .. picture.Descendants(Svg + "text")
                .Where(text => (string?)text.Attribute("class") == "label")
                .Select(text => (double)text.Attribute("y")!)
                .Order()];
        Assert.All(labels.Zip(labels.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 14.9, $"{pair}"));
    }

    [Fact]
    public void Draw_NoSeries_SaysSo() =>
        Assert.Contains(
            Texts(RatePlot.Draw("t", []), "axis"),
            text => text.Contains("no representation", StringComparison.Ordinal));

    [Fact]
    public void Style_ForLightAndDark_NeedsNoEscapingAndNoNetwork()
    {
        string css = RatePlot.Draw("t", []).Element(Svg + "style")!.Value;
        Assert.Contains("prefers-color-scheme: dark", css, StringComparison.Ordinal);
        Assert.DoesNotContain(css, character => character is '<' or '>' or '&');
        Assert.DoesNotContain("url(", css, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", css, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plot.svg")]
    [InlineData("plot.html")]
    public void Write_AReport_IsOneFileThatParses(string name)
    {
        using TemporaryFolder folder = new();
        float[] w = [.. Enumerable.Range(0, 600).Select(i => MathF.Sin(i * 1.7f) + (0.3f * MathF.Cos(i * i)))];
        SurveyReport report = Survey.Run(
            w, 30, 20, new SurveyOptions { Rates = [2, 4], Metrics = [], TimeLimit = 600 });
        SurveyPlot.Write(folder[name], "m.npy, 30 x 20", report, ["2 bits: a sentence."]);
        Assert.Equal([name], folder.Names);
        string text = File.ReadAllText(folder[name]);
        Assert.DoesNotContain(
            "http", text.Replace(Svg.NamespaceName, string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        XElement root = XElement.Parse(text.Replace("<!DOCTYPE html>", string.Empty, StringComparison.Ordinal));
        XElement picture = root.DescendantsAndSelf(Svg + "svg").Single();
        string[] families = [
            .. report.Rows.Concat(report.Rounding)
                .Where(row => row.Error > 0)
                .Select(row => row.Family)
                .Distinct()
                .Order(StringComparer.Ordinal)];
        Assert.Equal(families, Texts(picture, "label").Order(StringComparer.Ordinal));
        string[] own = [.. report.Rows.Where(row => row.Own && row.Error > 0).Select(row => row.Representation)];
        Assert.NotEmpty(own);
        Assert.All(
            own,
            shown => Assert.Contains(
                picture.Descendants(Svg + "title"),
                title => title.Value.StartsWith($"{shown}: error", StringComparison.Ordinal)));
        if (name == "plot.html")
        {
            Assert.Equal(report.Rows.Count + 1, root.Descendants("tr").Count());
            Assert.Contains(root.Descendants("li"), item => item.Value == "2 bits: a sentence.");
        }
    }

    [Fact]
    public void Write_WhereItCannot_IsOneSentence()
    {
        using TemporaryFolder folder = new();
        SurveyReport report = new([1, 1], [], [], [], 0);
        Sentences.AssertOne(
            Assert.Throws<UsageException>(() => SurveyPlot.Write(folder["plot.png"], "t", report, [])),
            "plot.png",
            ".svg");
        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(() => SurveyPlot.Write(folder["none/plot.svg"], "t", report, [])),
            "plot.svg",
            "cannot be written");
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void Spread_Labels_AreApartAndNearTheirWishes()
    {
        double[] places = LabelSpacing.Spread([50, 10, 11, 99, 98], 15, 0, 100);
        Assert.Equal([50, 10, 25, 100, 85], places);
    }

    private static PlotSeries Line(string name, bool emphasised, params (double X, double Y)[] points) =>
        new(
            name,
            emphasised,
            [.. points.Select(
                point => new PlotPoint(point.X, point.Y, FormattableString.Invariant($"{point.X} & {point.Y}")))]);

    private static string[] Texts(XElement picture, string kind) =>
        [.. picture.Descendants(Svg + "text")
            .Where(text => (string?)text.Attribute("class") == kind)
            .Select(text => text.Value)];

    private static IEnumerable<double> Dots(XElement picture, string coordinate) =>
        picture.Descendants(Svg + "circle")
            .Where(circle => (string?)circle.Attribute("class") == "dot")
            .Select(circle => (double)circle.Attribute(coordinate)!);
}
