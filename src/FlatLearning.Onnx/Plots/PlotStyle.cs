using System.Globalization;
using System.Text;

namespace FlatLearning.Onnx.Plots;

/// <summary>
/// The style sheet of plots and of pages around them. It holds no '&lt;', '&gt;' or '&amp;', so that SVG and HTML read
/// it alike.
/// </summary>
internal static class PlotStyle
{
    /// <summary>How many colours emphasised series have before they repeat.</summary>
    public const int Strong = 12;

    /// <summary>How many the others have.</summary>
    public const int Quiet = 10;

    // Apart in hue or lightness on white and on near-black, also where red and green look alike.
    private static readonly string[] StrongLight =
        ["#0072b2", "#d55e00", "#009e73", "#b0529c", "#8a6d00", "#2f4b7c", "#c01c3a", "#3f7d20", "#6b4fa0", "#00808a",
        "#7a4a2b", "#e0479e"];

    private static readonly string[] StrongDark =
        ["#56b4e9", "#ff9b57", "#3fd6a4", "#e79ad1", "#e6c84a", "#9db8ec", "#ff8099", "#9bd46f", "#bda4f2", "#4fd5df",
        "#d3a27f", "#ff9fd2"];

    private static readonly string[] QuietLight =
        ["#555b66", "#8b8378", "#6f7f96", "#9a6f6f", "#6d8a72", "#857396", "#3d4a5c", "#a08050", "#5f8791", "#7b7b7b"];

    private static readonly string[] QuietDark =
        ["#aab2c0", "#b8ad9e", "#8fa3c0", "#c79b9b", "#9bbba1", "#b3a0c6", "#d0d8e4", "#ccab78", "#8cb9c4", "#9a9a9a"];

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
        css.Append(Theme("#ffffff", "#1b1f24", "#e2e5e9", StrongLight, QuietLight));
        css.Append("@media (prefers-color-scheme: dark) {\n")
            .Append(Theme("#14171b", "#e6e8eb", "#2d333b", StrongDark, QuietDark))
            .Append("}\n");
        return css.ToString();
    }

    private static string Theme(string page, string ink, string grid, string[] strong, string[] quiet)
    {
        StringBuilder css = new();
        css.Append(
            CultureInfo.InvariantCulture,
            $".rate-plot .page {{ fill: {page}; }} .rate-plot text {{ fill: {ink}; }} .rate-plot .grid {{ stroke: "
                + $"{grid}; }}\n");
        css.Append(
            CultureInfo.InvariantCulture,
            $"body.rate-page {{ background: {page}; color: {ink}; }} .rate-page td, .rate-page th {{ border-color: "
                + $"{grid}; }}\n");
        foreach ((string kind, string[] colours) in ((string, string[])[])[("own", strong), ("peer", quiet)])
        {
            for (int i = 0; i < colours.Length; i++)
            {
                css.Append(
                    CultureInfo.InvariantCulture,
                    $".{kind}.c{i} polyline, .{kind}.c{i} .leader {{ stroke: {colours[i]}; }} .{kind}.c{i} .dot, "
                        + $".rate-plot .{kind}.c{i} .label {{ fill: {colours[i]}; }}\n");
            }
        }

        return css.ToString();
    }
}
