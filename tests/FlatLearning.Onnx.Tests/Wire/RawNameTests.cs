using System.Text;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Onnx.Validation;
using FlatLearning.Onnx.Wire;

namespace FlatLearning.Onnx.Tests.Wire;

/// <summary>Models whose names are in an encoding of their own come out as they went in.</summary>
public sealed class RawNameTests : IDisposable
{
    // Told apart by one byte that no reader of UTF-8 shows.
    private static readonly byte[] E = [(byte)'w', 0xe9, (byte)'-', (byte)'-'];
    private static readonly byte[] F = [(byte)'w', 0xe8, (byte)'-', (byte)'-'];

    private static readonly HashSet<string> ExternalTexts = [
        "location", "offset", "length", "64", GoodModels.SideFile];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Save_EveryTextOfAModelInRawBytes_WritesTheSameBytes()
    {
        foreach (byte[] raw in RawTextTests.Pieces.Where(raw => raw.Length > 0))
        {
            byte[] file = RawBytes(GoodModels.Rich(), raw);
            File.WriteAllBytes(_folder["in.onnx"], file);
            File.WriteAllBytes(_folder[GoodModels.SideFile], new byte[GoodModels.SideFileBytes]);
            OnnxModel model = OnnxModelFile.Load(_folder["in.onnx"]);

            Assert.Equal(file, OnnxModelFile.ToBytes(model));
            Assert.Equal(file, OnnxModelFile.ToBytes(model.Clone()));
            SaveResult saved = OnnxModelFile.Save(
                model, _folder["out.onnx"], new SaveOptions { Existing = ExistingFile.Replace });
            Assert.Equal(new FileInfo(_folder["out.onnx"]).Length, saved.ModelBytes);
            Assert.Equal(saved.TotalBytes, ModelSize.WhenSaved(model, "out.onnx"));
        }
    }

    [Fact]
    public void Convert_NamesInRawBytes_ComeOutAsTheyWentIn()
    {
        byte[] file = Replace(
            Replace(TestModels.Bytes(Model()), "wEEE"u8, E), "wFFF"u8, F);
        File.WriteAllBytes(_folder["in.onnx"], file);
        OnnxModel model = OnnxModelFile.Load(_folder["in.onnx"]);
        ModelValidator.Check(model);
        Assert.Equal(2, model.Proto.Graph.Initializer.Select(tensor => tensor.Name).Distinct().Count());

        ConvertedModel converted = ModelConverter.Convert(model, new ConvertOptions());
        Assert.Equal(2, converted.Weights.Count(weight => weight.SkippedReason is null));
        OnnxModelFile.Save(converted.Model, _folder["out.onnx"]);
        byte[] written = File.ReadAllBytes(_folder["out.onnx"]);
        AssertContains([.. E, .. "out"u8], written);
        AssertContains([.. E, .. ".codes"u8], written);
        AssertContains([.. F, .. ".codes"u8], written);

        OnnxModel restored = ModelRestorer.Restore(OnnxModelFile.Load(_folder["out.onnx"]));
        Assert.Equal(
            [Convert.ToHexString(E), Convert.ToHexString(F)],
            restored.Proto.Graph.Initializer.Select(
                tensor => Convert.ToHexString(RawText.BytesOf(tensor.Name))));
        byte[] again = OnnxModelFile.ToBytes(restored);
        AssertContains([.. E, .. "out"u8], again);
    }

    [Fact]
    public void Load_RawBytesInADamagedFile_IsRefusedInOneSentence()
    {
        byte[] file = RawBytes(GoodModels.Rich(), [0xff, 0xfe]);
        File.WriteAllBytes(_folder[GoodModels.SideFile], new byte[GoodModels.SideFileBytes]);
        for (int length = file.Length - 1; length > 0; length -= 7)
        {
            File.WriteAllBytes(_folder["in.onnx"], file[..length]);
            try
            {
                // A cut between two fields leaves a whole message.
                ModelValidator.Check(OnnxModelFile.Load(_folder["in.onnx"]));
            }
            catch (OnnxModelException exception)
            {
                Sentences.AssertOne(exception);
            }
        }
    }

    private static void AssertContains(byte[] part, byte[] file) =>
        Assert.True(file.AsSpan().IndexOf(part) >= 0, $"no {Convert.ToHexString(part)} in the file");

    private static ModelProto Model()
    {
        ModelBuilder builder = new();
        builder.Input("x", TensorProto.Types.DataType.Float, 2, 64);
        Random random = new(3);
        foreach (string name in (string[])["wEEE", "wFFF"])
        {
            builder.Graph.Initializer.Add(
                TensorWriter.Float32(
                    name, [64, 64], [.. Enumerable.Range(0, 4096).Select(_ => (float)random.NextDouble() - 0.5f)]));
        }

        builder.Node("MatMul", ["x", "wEEE"], "wEEEhidden");
        builder.Node("MatMul", ["wEEEhidden", "wFFF"], "wEEEout");
        builder.Output("wEEEout");
        return builder.Proto;
    }

    /// <summary>A model of which every text has more bytes at its end.</summary>
    private static byte[] RawBytes(ModelProto model, byte[] raw)
    {
        byte[] bytes = TestModels.Bytes(model);
        WireEdits edits = MessageStrings.Edits(
            ModelProto.Descriptor,
            bytes,
            content => content.IsEmpty || ExternalTexts.Contains(Encoding.UTF8.GetString(content))
                ? null
                : [.. content, .. raw]);
        Assert.True(edits.Count > 50);
        List<byte> result = [];
        edits.Write(bytes, part => result.AddRange(part));
        return [.. result];
    }

    private static byte[] Replace(byte[] bytes, ReadOnlySpan<byte> from, byte[] to)
    {
        byte[] changed = [.. bytes];
        for (int at = changed.AsSpan().IndexOf(from); at >= 0; at = changed.AsSpan().IndexOf(from))
        {
            to.CopyTo(changed, at);
        }

        return changed;
    }
}
