using System.Diagnostics;
using FlatLearning.Onnx.Cli.Tests.Damage;
using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Onnx.Validation;

namespace FlatLearning.Onnx.Cli.Tests;

/// <summary>
/// Hundreds of bad files: each ends in status 2 and one sentence and leaves nothing behind, or is a model all the same.
/// </summary>
public sealed class DamagedInputTests
{
    private const string Output = "out.onnx";

    // A file that takes longer than this hangs; the slowest are sound models, which are fitted.
    private static readonly TimeSpan MaximalTime = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, Func<IEnumerable<DamagedFile>>> Families = new(StringComparer.Ordinal)
    {
        ["truncated"] = DamagedBytes.Truncated,
        ["flipped"] = DamagedBytes.Flipped,
        ["other kinds"] = DamagedBytes.OtherKinds,
        ["types"] = DamagedTensors.Types,
        ["shapes"] = DamagedTensors.Shapes,
        ["values"] = DamagedTensors.Values,
        ["external"] = DamagedTensors.External,
        ["structures"] = DamagedGraphs.Structures,
        ["rewired"] = DamagedGraphs.Rewired,
    };

    public static TheoryData<string> FamilyNames => [.. Families.Keys];

    [Fact]
    public void Cases_AreSeveralHundredWithNamesOfTheirOwn()
    {
        string[] names = [.. Families.Values.SelectMany(family => family()).Select(file => file.Name)];
        Assert.Empty(names.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key));
        Assert.True(names.Length >= 350, $"{names.Length} cases");
        Assert.True(Families.Values.SelectMany(family => family()).Count(file => !file.Sound) >= 200);
    }

    [Fact]
    public async Task Convert_UndamagedFiles_AreConverted()
    {
        using TemporaryFolder folder = new();
        (ModelProto model, byte[] side) = Networks.WithExternalData();
        File.WriteAllBytes(folder[GoodModels.SideFile], side);
        (await Tool.RunAsync("convert", folder.Write("external.onnx", model))).AssertDone();
        (await Tool.RunAsync("convert", folder.Write("small.onnx", Networks.Small()))).AssertDone();
    }

    [Theory]
    [MemberData(nameof(FamilyNames))]
    public async Task Convert_DamagedFile_IsRefusedInOneSentenceAndLeavesNothing(string family)
    {
        List<string> wrong = [];
        foreach (DamagedFile file in Families[family]())
        {
            using TemporaryFolder folder = new();
            file.Write(folder);
            string[] before = folder.Names;
            Stopwatch clock = Stopwatch.StartNew();
            CliResult result = await Tool.RunAsync(
                "convert", folder[DamagedFile.FileName], "-o", folder[Output], "--method", "codes", "--min-size", "16");
            Collect(wrong, file, () =>
            {
                Assert.True(clock.Elapsed < MaximalTime, $"took {clock.Elapsed}");
                if (family == "values" && result.Status == 3)
                {
                    // A weight that is not finite stays as it is, and the rest is converted.
                    Assert.Contains("FLAT0934", result.Error, StringComparison.Ordinal);
                    ModelValidator.Check(OnnxModelFile.Load(folder[Output]));
                    return;
                }

                if (result.Status == 0)
                {
                    Assert.True(file.Sound, "was converted");
                    ModelValidator.Check(OnnxModelFile.Load(folder[Output]));
                    return;
                }

                result.AssertRefused();
                Assert.Equal(before, folder.Names);
            });
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("restore")]
    [InlineData("compare")]
    public async Task OtherVerb_DamagedFile_IsRefusedInOneSentenceAndLeavesNothing(string verb)
    {
        const int Every = 4;
        List<string> wrong = [];
        foreach (DamagedFile file in Families.Values.SelectMany(family => family().Where((_, i) => i % Every == 0)))
        {
            using TemporaryFolder folder = new();
            file.Write(folder);
            string good = folder.Write("good.onnx", Networks.Small());
            string[] before = folder.Names;
            string[] arguments = verb switch
            {
                "compare" => [verb, good, folder[DamagedFile.FileName]],
                "restore" => [verb, folder[DamagedFile.FileName], "-o", folder[Output]],
                _ => [verb, folder[DamagedFile.FileName]],
            };
            CliResult result = await Tool.RunAsync(arguments);
            Collect(wrong, file, () =>
            {
                // What is structurally wrong may still run, and what is structurally sound may not: that is the host's
                // to say.
                if (verb == "compare" && result.Status is 0 or 3)
                {
                    return;
                }

                result.AssertRefused();
                Assert.Equal(before, folder.Names);
            });
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static void Collect(List<string> wrong, DamagedFile file, Action check)
    {
        try
        {
            check();
        }
        catch (Exception exception)
        {
            wrong.Add($"{file.Name}: {exception.Message}");
        }
    }
}
