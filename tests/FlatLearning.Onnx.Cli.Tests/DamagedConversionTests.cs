using FlatLearning.Onnx.Cli.Tests.Damage;
using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;

namespace FlatLearning.Onnx.Cli.Tests;

/// <summary>
/// Damaged converted models: inspected, restored, run and converted again, each ends well or in one sentence.
/// </summary>
public sealed class DamagedConversionTests
{
    private const string Restored = "restored.onnx";

    [Theory]
    [InlineData("codes")]
    [InlineData("riem")]
    [InlineData("dyn-l1")]
    [InlineData("dyn-l2")]
    [InlineData("dyn-inverse-l2")]
    public async Task EveryVerb_DamagedConversion_EndsWellOrInOneSentence(string method)
    {
        // Running takes longest, and the library has thousands of cases of its own.
        const int EveryRun = 8;
        using TemporaryFolder source = new();
        string original = source.Write("net.onnx", Networks.Small());
        (await Tool.RunAsync(
            "convert", original, "--method", method, "-o", source["flat.onnx"], "--no-portable")).AssertDone();
        ModelProto converted = ModelProto.Parser.ParseFrom(File.ReadAllBytes(source["flat.onnx"]));
        DamagedFile[] files = [.. DamagedConversions.Of(converted)];
        Assert.True(files.Length > 100, $"{files.Length} cases");
        List<string> wrong = [];
        int refused = 0;
        for (int i = 0; i < files.Length; i++)
        {
            using TemporaryFolder folder = new();
            files[i].Write(folder);
            string path = folder[DamagedFile.FileName];
            string[] before = folder.Names;
            CliResult restored = await Tool.RunAsync("restore", path, "-o", folder[Restored]);
            refused += restored.Status == 2 ? 1 : 0;
            Check("restore", restored, [0]);
            if (restored.Status != 0 && !before.SequenceEqual(folder.Names))
            {
                wrong.Add($"{files[i].Name}: restore left {string.Join(", ", folder.Names)}");
            }

            Check("inspect", await Tool.RunAsync("inspect", path, "--json"), [0]);
            if (i % EveryRun == 0)
            {
                Check("compare", await Tool.RunAsync("compare", original, path, "--samples", "1"), [0, 3]);
                Check("convert", await Tool.RunAsync("convert", path, "-o", folder["again.onnx"]), []);
            }

            void Check(string verb, CliResult result, int[] allowed)
            {
                try
                {
                    if (!allowed.Contains(result.Status))
                    {
                        result.AssertRefused();
                    }
                }
                catch (Exception exception)
                {
                    wrong.Add($"{files[i].Name}, {verb}: {exception.Message}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(refused > files.Length / 3, $"{refused} of {files.Length} were refused");
    }
}
