using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Files;

/// <summary>What lies where in a side file, and that sizes are foretold and reported to the byte.</summary>
public sealed class SideFileTests : IDisposable
{
    private const int Page = 4096;
    private const int Large = 256 * Page;
    private readonly TemporaryFolder _folder = new();
    private readonly GraphProto _graph = TestModels.Identity().Graph;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Save_ExternalModelAgain_CopiesSharedBytesOnceAtAlignedOffsets()
    {
        Bytes("w.bin", (2 * Large) + 5000);
        (string, string)[] shared = [("checksum", "abc"), ("note", "kept"), ("prepacked_1", "MatMul|0;64;0")];
        Add("a", [2000], 100, shared);
        Add("b", [20, 100], 100, shared);
        Add("c", [Large], Page);
        Add("d", [1030], Page + Large - 10);
        OnnxModel model = Load();

        OnnxModel saved = Save(model);
        IList<TensorProto> tensors = saved.Proto.Graph.Initializer;

        Assert.Equal("note=kept,location=out.onnx.data,offset=0,length=2000", Entries(tensors[0]));
        Assert.Equal(Entries(tensors[0]), Entries(tensors[1]));
        Assert.Equal($"location=out.onnx.data,offset={Page},length={Large}", Entries(tensors[2]));
        Assert.Equal($"location=out.onnx.data,offset={Page + Large - 10},length=1030", Entries(tensors[3]));
        AssertSameElements(model, saved);
    }

    [Fact]
    public void Save_ManySmallExternalTensors_GoInlineAndTakeNoPages()
    {
        const int Count = 500;
        Bytes("w.bin", Count * 400);
        for (int i = 0; i < Count; i++)
        {
            Add($"t{i}", [400], 400 * i);
        }

        OnnxModel model = Load();
        OnnxModel saved = Save(model);

        Assert.Equal(["in.onnx", "out.onnx", "w.bin"], _folder.Names);
        Assert.True(ModelSize.Of(saved) <= ModelSize.Of(model), $"{ModelSize.Of(model)} -> {ModelSize.Of(saved)}");
        Assert.DoesNotContain(saved.Proto.Graph.Initializer, tensor => tensor.ExternalData.Count > 0);
        AssertSameElements(model, saved);
    }

    [Fact]
    public void Save_MiddlingTensors_ArePackedWithoutPages()
    {
        Bytes("w.bin", 40 * 1500);
        for (int i = 0; i < 40; i++)
        {
            Add($"t{i}", [1500], 1500 * i);
        }

        OnnxModel model = Load();
        OnnxModel saved = Save(model);

        Assert.Equal(40 * 1500, new FileInfo(_folder["out.onnx.data"]).Length);
        AssertSameElements(model, saved);
    }

    [Fact]
    public void Save_LargeTensorsThatWerePackedOrAlone_DoNotGrow()
    {
        Bytes("w.bin", 3 * (Large + 4));
        Bytes("v.bin", Large + 4);
        for (int i = 0; i < 3; i++)
        {
            Add($"t{i}", [Large + 4], i * (Large + 4));
        }

        Add("alone", [Large + 4], 0, file: "v.bin");
        OnnxModel model = Load();
        OnnxModel saved = Save(model);

        Assert.Equal(4 * (Large + 4), new FileInfo(_folder["out.onnx.data"]).Length);
        AssertSameElements(model, saved);
    }

    [Fact]
    public void Save_ElementsOfSeveralSizes_StayAtMultiplesOfTheirSize()
    {
        Bytes("w.bin", 20_000);
        Add("bytes", [2001], 0);
        _graph.Initializer.Add(
            TestModels.External("wide", DataType.Double, [300], ("location", "w.bin"), ("offset", "4000")));
        OnnxModel model = Load();
        OnnxModel saved = Save(model);

        Assert.Equal("location=out.onnx.data,offset=2008,length=2400", Entries(saved.Proto.Graph.Initializer[1]));
        AssertSameElements(model, saved);
    }

    [Fact]
    public void Save_TensorsThatOverlap_KeepTheirBytesOnce()
    {
        Bytes("w.bin", 10_500);
        Bytes("v.bin", 10_000);
        Add("whole", [8000], 1000);
        Add("part", [2000], 3000);
        Add("across", [2000], 8500);
        Add("other", [2000], 3000, file: "v.bin");
        Add("small", [100], 1500);
        Add("dotted", [8000], 1000, file: "./w.bin");
        OnnxModel model = Load();

        OnnxModel saved = Save(model);

        Assert.Equal(9500 + 2000, new FileInfo(_folder["out.onnx.data"]).Length);
        AssertSameElements(model, saved);
    }

    [Fact]
    public void Save_ManySmallTensorsOfTheSameBytes_KeepThemOnce()
    {
        const int Count = 200;
        Bytes("w.bin", 1000);
        for (int i = 0; i < Count; i++)
        {
            Add($"t{i}", [1000], 0);
        }

        OnnxModel model = Load();
        OnnxModel saved = Save(model);

        Assert.Equal(1000, new FileInfo(_folder["out.onnx.data"]).Length);
        AssertSameElements(model, saved);
    }

    [Fact]
    public void Save_TensorWithoutElements_IsInline()
    {
        // At the very end of a file, ONNX Runtime does not read even no bytes.
        Bytes("w.bin", 5000);
        Add("full", [5000], 0);
        Add("empty", [0, 4], 5000);

        OnnxModel saved = Save(Load());

        Assert.Equal("", Entries(saved.Proto.Graph.Initializer[1]));
        Assert.Equal(TensorProto.Types.DataLocation.Default, saved.Proto.Graph.Initializer[1].DataLocation);
    }

    [Theory]
    [InlineData(ExternalDataPolicy.KeepPlacement, "o.onnx")]
    [InlineData(ExternalDataPolicy.KeepPlacement, "a rather longer name for an output file.onnx")]
    [InlineData(ExternalDataPolicy.SideFile, "o.onnx")]
    [InlineData(ExternalDataPolicy.InlineWhereItFits, "o.onnx")]
    public void WhenSaved_AnyPlacementAndName_ForetellsTheBytesOnTheDisk(ExternalDataPolicy policy, string name)
    {
        Bytes("w.bin", Large + 20_000);
        Add("a", [2000], 100);
        Add("b", [300], 3000);
        Add("c", [Large], 3000);
        Add("d", [5000], Large + 3000);
        _graph.Initializer.Add(TensorWriter.UInt8("inline", [3000], new byte[3000]));
        OnnxModel model = Load();
        SaveOptions options = new() { ExternalData = policy };

        long foretold = ModelSize.WhenSaved(model, _folder[name], options);
        SaveResult saved = OnnxModelFile.Save(model, _folder[name], options);

        long written = _folder.Names.Where(file => file.StartsWith(name, StringComparison.Ordinal))
            .Sum(file => new FileInfo(_folder[file]).Length);
        Assert.Equal(written, foretold);
        Assert.Equal(written, saved.TotalBytes);
        Assert.Equal(written, ModelSize.Of(OnnxModelFile.Load(_folder[name])));
    }

    [Fact]
    public void Of_ExternalModel_CountsEveryFileOnceAsItLiesOnTheDisk()
    {
        Bytes("w.bin", 10_000);
        File.CreateSymbolicLink(_folder["linked.bin"], "w.bin");
        Add("a", [1000], 100);
        Add("b", [1000], 100, file: "linked.bin");
        Add("c", [1000], 100, file: "./w.bin");
        Add("d", [0], 0, file: "missing.bin");

        Assert.Equal(new FileInfo(Write()).Length + 10_000, ModelSize.Of(Load()));
    }

    private static string Entries(TensorProto tensor) =>
        string.Join(',', tensor.ExternalData.Select(entry => $"{entry.Key}={entry.Value}"));

    private static void AssertSameElements(OnnxModel model, OnnxModel saved)
    {
        foreach (TensorProto tensor in model.Proto.Graph.Initializer)
        {
            Assert.Equal(
                model.Tensors.ReadRaw(tensor),
                saved.Tensors.ReadRaw(saved.Proto.Graph.Initializer.Single(other => other.Name == tensor.Name)));
        }
    }

    private void Bytes(string name, int count) =>
        File.WriteAllBytes(_folder[name], [.. Enumerable.Range(0, count).Select(i => (byte)((i * 37) + (i >> 8)))]);

    private void Add(string name, long[] dims, long offset, (string, string)[]? more = null, string file = "w.bin") =>
        _graph.Initializer.Add(
            TestModels.External(
                name,
                DataType.Uint8,
                dims,
                [("location", file), ("offset", $"{offset}"), .. more ?? []]));

    private string Write()
    {
        File.WriteAllBytes(_folder["in.onnx"], TestModels.Bytes(TestModels.Model(_graph)));
        return _folder["in.onnx"];
    }

    private OnnxModel Load() => OnnxModelFile.Load(Write());

    private OnnxModel Save(OnnxModel model)
    {
        SaveResult result = OnnxModelFile.Save(model, _folder["out.onnx"]);
        OnnxModel saved = OnnxModelFile.Load(_folder["out.onnx"]);
        Assert.Equal(ModelSize.Of(saved), result.TotalBytes);
        return saved;
    }
}
