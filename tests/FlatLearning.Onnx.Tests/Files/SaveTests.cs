using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Files;

/// <summary>Placement of data, and that a target is either the old files or the new ones.</summary>
public sealed class SaveTests
{
    private static readonly SaveOptions Side = new() { ExternalData = ExternalDataPolicy.SideFile };
    private static readonly SaveOptions Replace = new() { Existing = ExistingFile.Replace };

    [Fact]
    public void Save_SideFile_AlignsLargeTensorsAndKeepsSmallOnesInline()
    {
        using TemporaryFolder folder = new();
        OnnxModel model = new(TestModels.Linear(64, 32, i => i));
        SaveResult result = OnnxModelFile.Save(model, folder["m.onnx"], Side);
        OnnxModel loaded = OnnxModelFile.Load(folder["m.onnx"]);
        TensorProto weight = loaded.Proto.Graph.Initializer[0];

        Assert.Equal(["m.onnx", "m.onnx.data"], folder.Names);
        Assert.Equal(new FileInfo(folder["m.onnx.data"]).Length, result.SideFileBytes);
        Assert.False(weight.HasRawData);
        Assert.Equal(
            ["location=m.onnx.data", "offset=0", "length=8192"],
            weight.ExternalData.Select(entry => $"{entry.Key}={entry.Value}"));
        Assert.Equal(Enumerable.Range(0, 2048).Select(i => (float)i), loaded.Tensors.ReadSingles(weight));
        Assert.True(loaded.Proto.Graph.Initializer[1].HasRawData);
        Assert.True(model.Proto.Graph.Initializer[0].HasRawData, "saving must not change the model in memory");
    }

    [Fact]
    public void Save_ModelOntoItself_ReplacesBothFilesFromTheirOldContent()
    {
        using TemporaryFolder folder = new();
        OnnxModelFile.Save(new OnnxModel(TestModels.Linear(64, 32, i => i)), folder["m.onnx"], Side);
        OnnxModel model = OnnxModelFile.Load(folder["m.onnx"]);
        model.Proto.ProducerName = "again";
        OnnxModelFile.Save(model, folder["m.onnx"], Replace);
        OnnxModel again = OnnxModelFile.Load(folder["m.onnx"]);

        Assert.Equal(["m.onnx", "m.onnx.data"], folder.Names);
        Assert.Equal("again", again.Proto.ProducerName);
        Assert.Equal(2047f, again.Tensors.ReadSingles(again.Proto.Graph.Initializer[0])[^1]);
    }

    [Fact]
    public void Save_InlineOfExternalModel_WritesOneFile()
    {
        using TemporaryFolder folder = new();
        ModelProto original = TestModels.Linear(64, 32, i => i);
        OnnxModelFile.Save(new OnnxModel(original), folder["m.onnx"], Side);
        SaveOptions inline = new() { ExternalData = ExternalDataPolicy.InlineWhereItFits };
        OnnxModelFile.Save(OnnxModelFile.Load(folder["m.onnx"]), folder["one.onnx"], inline);

        Assert.Equal(["m.onnx", "m.onnx.data", "one.onnx"], folder.Names);
        Assert.Equal(original, OnnxModelFile.Load(folder["one.onnx"]).Proto);
    }

    [Fact]
    public void Save_BeyondTheInlineLimit_MovesToTheSideFileOrRefuses()
    {
        using TemporaryFolder folder = new();
        OnnxModel model = new(TestModels.Linear(64, 32, i => i));
        SaveOptions limited = new() { InlineLimit = 4000 };
        OnnxModelFile.Save(model, folder["kept.onnx"], limited);
        OnnxModelFile.Save(
            model, folder["fits.onnx"], limited with { ExternalData = ExternalDataPolicy.InlineWhereItFits });

        Assert.Equal(["fits.onnx", "fits.onnx.data", "kept.onnx", "kept.onnx.data"], folder.Names);
        SaveOptions strict = limited with { ExternalData = ExternalDataPolicy.Inline };
        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(() => OnnxModelFile.Save(model, folder["no.onnx"], strict)), "no.onnx");
        Assert.Equal(4, folder.Names.Length);
    }

    [Fact]
    public void Save_TypedDataToSideFile_BecomesItsPackedBytes()
    {
        using TemporaryFolder folder = new();
        ModelProto proto = TestModels.Identity();
        TensorProto weight = new() { Name = "w", DataType = (int)DataType.Int8, Dims = { 2000 } };
        weight.Int32Data.AddRange(Enumerable.Range(0, 2000).Select(i => (i % 256) - 128));
        proto.Graph.Initializer.Add(weight);
        OnnxModelFile.Save(new OnnxModel(proto), folder["m.onnx"], Side);
        OnnxModel loaded = OnnxModelFile.Load(folder["m.onnx"]);

        Assert.Equal(2000, new FileInfo(folder["m.onnx.data"]).Length);
        Assert.Empty(loaded.Proto.Graph.Initializer[0].Int32Data);
        Assert.Equal(
            weight.Int32Data.Select(value => (long)value),
            loaded.Tensors.ReadInt64s(loaded.Proto.Graph.Initializer[0]));
    }

    [Fact]
    public void Save_WhenATensorCannotBeRead_LeavesTheOldFilesAndNothingElse()
    {
        using TemporaryFolder folder = new();
        OnnxModelFile.Save(new OnnxModel(TestModels.Linear(64, 32, i => i)), folder["m.onnx"], Side);
        byte[] oldModel = File.ReadAllBytes(folder["m.onnx"]);
        byte[] oldData = File.ReadAllBytes(folder["m.onnx.data"]);
        OnnxModel model = OnnxModelFile.Load(folder["m.onnx"]);
        model.Proto.Graph.Initializer.Add(TestModels.External("lost", DataType.Float, [4], ("location", "lost.bin")));

        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(() => OnnxModelFile.Save(model, folder["m.onnx"], Replace)), "lost.bin");
        Assert.Equal(["m.onnx", "m.onnx.data"], folder.Names);
        Assert.Equal(oldModel, File.ReadAllBytes(folder["m.onnx"]));
        Assert.Equal(oldData, File.ReadAllBytes(folder["m.onnx.data"]));
    }

    [Fact]
    public void Save_Cancelled_LeavesTheOldFilesAndNothingElse()
    {
        using TemporaryFolder folder = new();
        OnnxModelFile.Save(new OnnxModel(TestModels.Linear(64, 32, i => i)), folder["m.onnx"], Side);
        byte[] old = File.ReadAllBytes(folder["m.onnx"]);
        using CancellationTokenSource cancellation = new();
        cancellation.Cancel();

        foreach (ExternalDataPolicy policy in Enum.GetValues<ExternalDataPolicy>())
        {
            Assert.Throws<OperationCanceledException>(() => OnnxModelFile.Save(
                OnnxModelFile.Load(folder["m.onnx"]), folder["m.onnx"], Replace with { ExternalData = policy },
                cancellation.Token));
        }

        Assert.Equal(["m.onnx", "m.onnx.data"], folder.Names);
        Assert.Equal(old, File.ReadAllBytes(folder["m.onnx"]));
    }

    [Fact]
    public void Commit_WhenTheLastRenameFails_PutsTheFirstFileBack()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["data"], "old");
        Directory.CreateDirectory(folder["model"]);
        using (AtomicFileSet files = new())
        {
            files.Create(folder["data"]).Write("new"u8);
            files.Create(folder["model"]).Write("new"u8);
            Assert.ThrowsAny<Exception>(files.Commit);
        }

        Assert.Equal(["data", "model"], folder.Names);
        Assert.Equal("old", File.ReadAllText(folder["data"]));
    }

    [Fact]
    public void Save_ExistingTargetWithoutLeave_IsRefused()
    {
        using TemporaryFolder folder = new();
        OnnxModel model = new(TestModels.Linear(64, 32, i => i));
        File.WriteAllText(folder["a.onnx"], "mine");
        File.WriteAllText(folder["b.onnx.data"], "mine");
        Directory.CreateDirectory(folder["d.onnx"]);

        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(() => OnnxModelFile.Save(model, folder["a.onnx"])), "a.onnx");
        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(() => OnnxModelFile.Save(model, folder["b.onnx"], Side)), "b.onnx.data");
        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(() => OnnxModelFile.Save(model, folder["none/c.onnx"])), "c.onnx");
        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(() => OnnxModelFile.Save(model, folder["d.onnx"], Replace)), "d.onnx");
        Assert.Equal(["a.onnx", "b.onnx.data", "d.onnx"], folder.Names);
        Assert.Equal("mine", File.ReadAllText(folder["a.onnx"]));
    }

    [Fact]
    public void Save_Twice_WritesTheSameBytes()
    {
        using TemporaryFolder folder = new();
        OnnxModel model = new(TestModels.Linear(64, 32, i => i));
        OnnxModelFile.Save(model, folder["a.onnx"]);
        OnnxModelFile.Save(model, folder["b.onnx"]);

        Assert.Equal(File.ReadAllBytes(folder["a.onnx"]), File.ReadAllBytes(folder["b.onnx"]));
    }
}
