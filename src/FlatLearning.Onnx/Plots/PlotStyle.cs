using System.Globalization;
using System.Text;

namespace FlatLearning.Onnx.Plots;

/// <summary>The style sheet of plots and of pages around them. It holds no '&lt;', '&gt;' or '&amp;', so that SVG and HTML read it alike.</summary>
internal static class PlotStyle
{
    /// <summary>How many colours there are before they repeat.</summary>
    public const int Colours = 12;

    // Apart in hue or lightness on white and on near-black, also where red and green look alike.
    private static readonly string[] Light =
        ["#0072b2", "#d55e00", "#009e73", "#b0529c", "#8a6d00", "#2f4b7c", "#a01c3a", "#3f7d20", "#6b4fa0", "#00808a", "#7a4a2b", "#555b66"];

    private static readonly string[] Dark =
        ["#56b4e9", "#ff9b57", "#3fd6a4", "#e79ad1", "#e6c84a", "#9db8ec", "#ff8099", "#9bd46f", "#bda4f2", "#4fd5df", "#d3a27f", "#aab2c0"];

    /// <summary>The style sheet.</summary>
    public static string Css { get; } = Build();

    private static string Build()
    {
        StringBuilder css = new();
        css.Append("""
            .rate-plot { font-family: system-ui, sans-serif; max-width: 100%; }
            .rate-plot .heading { font-size: 16px; font-weight: 600; }
            .rate-plot .axis, .rate-plot .label { font-size: 12px; }
            .rate-plot .grid { stroke-width: 1; }
            .rate-plot polyline { fill: none; stroke-width: 1.3; stroke-dasharray: 5 3; }
            .rate-plot .own polyline { stroke-width: 2.2; stroke-dasharray: none; }
            .rate-plot .own .label { font-weight: 600; }
            .rate-plot .leader { stroke-width: 0.7; opacity: 0.45; }
            .rate-plot .reach { fill: transparent; }
            .rate-plot .series:hover polyline { stroke-width: 4; }
            .rate-plot .series:hover .dot { r: 5px; }

            """);
        css.Append(Theme("#ffffff", "#1b1f24", "#e2e5e9", Light));
        css.Append("@media (prefers-color-scheme: dark) {\n").Append(Theme("#14171b", "#e6e8eb", "#2d333b", Dark)).Append("}\n");
        return css.ToString();
    }

    private static string Theme(string page, string ink, string grid, string[] colours)
    {
        StringBuilder css = new();
        css.Append(CultureInfo.InvariantCulture, $".rate-plot .page {{ fill: {page}; }} .rate-plot text {{ fill: {ink}; }} .rate-plot .grid {{ stroke: {grid}; }}\n");
        css.Append(CultureInfo.InvariantCulture, $"body.rate-page {{ background: {page}; color: {ink}; }} .rate-page td, .rate-page th {{ border-color: {grid}; }}\n");
        for (int i = 0; i < Colours; i++)
        {
            css.Append(CultureInfo.InvariantCulture, $".c{i} polyline, .c{i} .leader {{ stroke: {colours[i]}; }} .c{i} .dot, .rate-plot .c{i} .label {{ fill: {colours[i]}; }}\n");
        }

        return css.ToString();
    }
}
