using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;

namespace FlatLearning.Onnx.Tests.Files;

/// <summary>
/// That saving destroys nothing that is still needed, whatever the paths look like, and leaves nothing stale.
/// </summary>
public sealed class TargetTests : IDisposable
{
    private static readonly SaveOptions Side = new() { ExternalData = ExternalDataPolicy.SideFile };
    private static readonly SaveOptions Replace = new() { Existing = ExistingFile.Replace };
    private readonly TemporaryFolder _folder = new();

    public TargetTests()
    {
        Directory.CreateDirectory(_folder["real"]);
        Directory.CreateSymbolicLink(_folder["link"], "real");
        OnnxModelFile.Save(new OnnxModel(TestModels.Linear(64, 32, i => i)), _folder["real/m.onnx"], Side);
        File.CreateSymbolicLink(_folder["real/soft.onnx"], "m.onnx");
        File.CreateSymbolicLink(_folder["real/soft.bin"], "m.onnx.data");
        File.CreateSymbolicLink(_folder["aside.onnx.data"], "real/m.onnx.data");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("link/m.onnx", "real/m.onnx.data")]
    [InlineData("real/m.onnx", "link/m.onnx.data")]
    [InlineData("real/m.onnx", "real/../link/m.onnx.data")]
    [InlineData("link/soft.onnx", "real/m.onnx.data")]
    [InlineData("real/m.onnx", "real/soft.bin")]
    [InlineData("link/m.onnx", "aside.onnx")]
    [InlineData("real/m.onnx", "aside.onnx")]
    public void Save_OverTheModelsOwnData_IsRefused(string input, string output)
    {
        OnnxModel model = OnnxModelFile.Load(_folder[input]);
        string[] before = All();

        Assert.StartsWith(
            "FLAT0122",
            Assert.Throws<OnnxModelException>(() => OnnxModelFile.CheckTarget(model, _folder[output], Replace)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "FLAT0122",
            Assert.Throws<OnnxModelException>(() => OnnxModelFile.Save(model, _folder[output], Replace)).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, All());
    }

    [Fact]
    public void Save_OverAHardLinkOfTheModelsData_IsRefused()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using (System.Diagnostics.Process ln = System.Diagnostics.Process.Start(
            "ln", [_folder["real/m.onnx.data"], _folder["hard.onnx"]]))
        {
            ln.WaitForExit();
        }

        Assert.True(FileIdentity.AreSame(_folder["link/m.onnx.data"], _folder["hard.onnx"]));
        OnnxModel model = OnnxModelFile.Load(_folder["real/m.onnx"]);
        Assert.StartsWith(
            "FLAT0122",
            Assert.Throws<OnnxModelException>(() => OnnxModelFile.Save(model, _folder["hard.onnx"], Replace)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("real/m.onnx", "link/m.onnx")]
    [InlineData("link/m.onnx", "real/m.onnx")]
    public void Save_ModelOntoItselfThroughALink_ReplacesBothFilesFromTheirOldContent(string input, string output)
    {
        OnnxModelFile.Save(OnnxModelFile.Load(_folder[input]), _folder[output], Replace);
        OnnxModel again = OnnxModelFile.Load(_folder["real/m.onnx"]);

        Assert.Equal(2047f, again.Tensors.ReadSingles(again.Proto.Graph.Initializer[0])[^1]);
    }

    [Fact]
    public void AreSame_OtherOrMissingFiles_AreNot()
    {
        File.WriteAllText(_folder["a"], "same text");
        File.WriteAllText(_folder["b"], "same text");

        Assert.True(FileIdentity.AreSame(_folder["a"], _folder["real/../a"]));
        Assert.False(FileIdentity.AreSame(_folder["a"], _folder["b"]));
        Assert.False(FileIdentity.AreSame(_folder["none"], _folder["none"]));
        Assert.False(FileIdentity.AreSame(_folder["real"], _folder["link"]));
    }

    [Fact]
    public void Save_WithoutExternalDataOverAModelWithSome_RemovesTheOldData()
    {
        OnnxModel inline = new(TestModels.Linear(8, 8, i => i));
        SaveResult result = OnnxModelFile.Save(inline, _folder["link/m.onnx"], Replace);

        Assert.False(File.Exists(_folder["real/m.onnx.data"]));
        Assert.Null(result.LeftBeside);
    }

    [Fact]
    public void Save_WithoutExternalDataBesideAFileOfThatName_LeavesItAndSaysSo()
    {
        OnnxModel inline = new(TestModels.Linear(8, 8, i => i));
        File.WriteAllText(_folder["a.onnx.data"], "somebody's");
        File.WriteAllText(_folder["b.onnx.data"], "somebody's");
        File.WriteAllText(_folder["b.onnx"], "no model");

        Assert.Equal(_folder["a.onnx.data"], OnnxModelFile.Save(inline, _folder["a.onnx"]).LeftBeside);
        Assert.Equal(_folder["b.onnx.data"], OnnxModelFile.Save(inline, _folder["b.onnx"], Replace).LeftBeside);
        Assert.Equal(_folder["a.onnx.data"], OnnxModelFile.Save(inline, _folder["a.onnx"], Replace).LeftBeside);
        Assert.Equal("somebody's", File.ReadAllText(_folder["a.onnx.data"]));
        Assert.Equal("somebody's", File.ReadAllText(_folder["b.onnx.data"]));
    }

    [Fact]
    public void Commit_WhereAFileAppearedMeanwhile_LeavesItAndNothingElse()
    {
        foreach (string late in (string[])["data", "model"])
        {
            string folder = Directory.CreateDirectory(_folder[$"late {late}"]).FullName;
            using (AtomicFileSet files = new(ExistingFile.Refuse))
            {
                files.Create(Path.Combine(folder, "data")).Write("new"u8);
                files.Create(Path.Combine(folder, "model")).Write("new"u8);
                File.WriteAllText(Path.Combine(folder, late), "theirs");
                Assert.StartsWith(
                    "FLAT0110",
                    Assert.Throws<OnnxModelException>(files.Commit).Message,
                    StringComparison.Ordinal);
            }

            Assert.Equal([Path.Combine(folder, late)], Directory.GetFiles(folder));
            Assert.Equal("theirs", File.ReadAllText(Path.Combine(folder, late)));
        }
    }

    [Fact]
    public void Save_ManyAtOnceToOneTarget_ExactlyOneSucceeds()
    {
        const int Writers = 8;
        using Barrier start = new(Writers);
        for (int round = 0; round < 10; round++)
        {
            string target = _folder[$"race{round}.onnx"];
            SaveOptions options = round % 2 == 0 ? Side : new SaveOptions();
            int succeeded = 0;
            Thread[] writers = [.. Enumerable.Range(0, Writers).Select(writer => new Thread(() =>
            {
                OnnxModel model = new(TestModels.Linear(64, 32, _ => writer));
                model.Proto.ProducerVersion = $"{writer}";
                start.SignalAndWait();
                try
                {
                    OnnxModelFile.Save(model, target, options);
                    Interlocked.Increment(ref succeeded);
                }
                catch (OnnxModelException exception) when (
                    exception.Message.StartsWith("FLAT0110", StringComparison.Ordinal))
                {
                    // Somebody was faster.
                }
            }))];
            Array.ForEach(writers, writer => writer.Start());
            Array.ForEach(writers, writer => writer.Join());

            OnnxModel saved = OnnxModelFile.Load(target);
            Assert.Equal(1, succeeded);
            Assert.Equal(
                saved.Proto.ProducerVersion,
                $"{saved.Tensors.ReadSingles(saved.Proto.Graph.Initializer[0])[0]}");
        }

        Assert.DoesNotContain(_folder.Names, name => name.StartsWith('.'));
    }

    [Fact]
    public void Save_NameOfTheLongestLength_IsWritten()
    {
        string name = new string('n', 250) + ".onnx";
        OnnxModelFile.Save(new OnnxModel(TestModels.Linear(8, 8, i => i)), _folder[name]);
        Assert.Contains(name, _folder.Names);
    }

    // Every file with what is in it.
    private string[] All() =>
    [
        .. Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{path} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(
                File.ReadAllBytes(path)))}"),
    ];
}
