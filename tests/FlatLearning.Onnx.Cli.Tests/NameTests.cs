using System.Text;
using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;

namespace FlatLearning.Onnx.Cli.Tests;

/// <summary>
/// Names that are no plain text: in another encoding, with line breaks, or with what steers a terminal.
/// </summary>
public sealed class NameTests : IDisposable
{
    private const string Steering = "W1\n\u001b[31mred\u009b0m\r\t\u202e\u2028end";
    private static readonly byte[] Latin = [(byte)'W', 0xe9, (byte)'1', (byte)'1'];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AnyVerb_NamesThatSteerATerminal_AreShownHarmlessAndKeptAsTheyAre()
    {
        string input = _folder.Write("net.onnx", Renamed(Steering));
        string converted = _folder["net.flat.onnx"];
        string[][] asked =
        [
            ["convert", input, "--verify", "--verbose"],
            ["convert", input, "-o", converted, "--overwrite", "--bits", "3"],
            ["convert", input, "--exclude", "."],
            ["inspect", converted],
            ["compare", input, converted, "--per-layer", "--fail-if", "snr<1000", "--verbose"],
            ["fit", input],
            ["fit", $"{input}::{Steering}", "--bits", "4", "--method", "codes", "--plot", _folder["plot.html"]],
            ["fit", $"{input}::none{Steering}"],
            ["restore", converted],
        ];
        foreach (string[] arguments in asked)
        {
            CliResult result = await Tool.RunAsync(arguments);
            Assert.NotEqual(1, result.Status);
            foreach (string line in $"{result.Out}\n{result.Error}".Split('\n'))
            {
                Assert.DoesNotContain(line.TrimEnd('\r'), char.IsControl);
                Assert.DoesNotContain('\u202e', line);
                Assert.DoesNotContain('\u2028', line);
                Assert.False(line.StartsWith('\u001b') || line.StartsWith("?[31m", StringComparison.Ordinal), line);
            }
        }

        CliResult json = await Tool.RunAsync("convert", input, "-o", _folder["json.onnx"], "--json");
        Assert.Equal(Steering, json.Json.GetProperty("weights")[0].GetProperty("name").GetString());
        Assert.Contains(
            Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(Steering)),
            Encoding.UTF8.GetString(File.ReadAllBytes(_folder["net.restored.onnx"])),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_VeryLongNames_KeepTablesReadable()
    {
        string input = _folder.Write("net.onnx", Renamed(new string('n', 3000)));
        CliResult result = (await Tool.RunAsync("convert", input)).AssertDone();
        Assert.All(result.Out.Split('\n'), line => Assert.InRange(line.Length, 0, 1000));
    }

    [Fact]
    public async Task AnyVerb_NamesInAnotherEncoding_WorkAndStayAsTheyAre()
    {
        byte[] bytes = TestModels.Bytes(Renamed("WWWW", "xWWWW", "WWWWy"));
        for (int at = bytes.AsSpan().IndexOf("WWWW"u8); at >= 0; at = bytes.AsSpan().IndexOf("WWWW"u8))
        {
            Latin.CopyTo(bytes, at);
        }

        string input = _folder["net.onnx"];
        File.WriteAllBytes(input, bytes);
        CliResult result = await Tool.RunAsync(
            "convert", input, "--verify", "--json", "--include", "W.11", "--hessian", "synthetic");
        Assert.True(result.Status == 0, result.Error);
        Assert.Equal("W\ufffd11", result.Json.GetProperty("weights")[0].GetProperty("name").GetString());
        Assert.Equal(1, result.Json.GetProperty("converted").GetInt32());
        (await Tool.RunAsync("inspect", _folder["net.flat.onnx"])).AssertDone();
        (await Tool.RunAsync("restore", _folder["net.flat.onnx"])).AssertDone();
        CliResult compared = await Tool.RunAsync(
            "compare", input, _folder["net.restored.onnx"], "--per-layer", "--portable", "--json");
        Assert.True(compared.Status == 0, compared.Error);
        Assert.NotEqual(0, compared.Json.GetProperty("layers").GetArrayLength());
        foreach (string file in (string[])["net.flat.onnx", "net.restored.onnx"])
        {
            Assert.Equal(2, Occurrences(File.ReadAllBytes(_folder[file]), [(byte)'x', .. Latin]));
            Assert.Equal(2, Occurrences(File.ReadAllBytes(_folder[file]), [.. Latin, (byte)'y']));
        }
    }

    private static int Occurrences(byte[] file, byte[] part)
    {
        int count = 0;
        for (int at = 0; at <= file.Length - part.Length; at++)
        {
            count += file.AsSpan(at, part.Length).SequenceEqual(part) ? 1 : 0;
        }

        return count;
    }

    /// <summary>The small network with another name for its first weight, its input and its output.</summary>
    private static ModelProto Renamed(string weight, string input = "x", string output = "y")
    {
        ModelProto model = Networks.Small();
        GraphProto graph = model.Graph;
        graph.Initializer[0].Name = weight;
        graph.Input[0].Name = input;
        graph.Output[0].Name = output;
        graph.Node[0].Input[0] = input;
        graph.Node[0].Input[1] = weight;
        graph.Node[0].Name = $"node of {weight}";
        graph.Node[^1].Output[0] = output;
        return model;
    }
}
