using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;
using Google.Protobuf;

namespace FlatLearning.Onnx.Tests.Files;

/// <summary>Loading and saving keeps everything, whatever this transcription knows of it.</summary>
public sealed class RoundTripTests
{
    [SharedTheory]
    [MemberData(nameof(SharedModels.Names), MemberType = typeof(SharedModels))]
    public void LoadAndSave_RealModel_KeepsEveryField(string name)
    {
        using TemporaryFolder folder = new();
        string original = SharedModels.PathOf(name);
        OnnxModel model = OnnxModelFile.Load(original);
        SaveResult saved = OnnxModelFile.Save(model, folder["copy.onnx"]);

        Assert.Equal(new FileInfo(folder["copy.onnx"]).Length, saved.ModelBytes);
        Assert.Equal(0, saved.SideFileBytes);
        Assert.Equal(["copy.onnx"], folder.Names);
        Assert.Equal(model.Proto, OnnxModelFile.Load(folder["copy.onnx"]).Proto);
        // Not a word of our own transcription: the fields of both files, level by level, as numbers and bytes.
        Assert.Equal(
            WireFields.Describe(File.ReadAllBytes(original)),
            WireFields.Describe(File.ReadAllBytes(folder["copy.onnx"])));
        Assert.NotEmpty(ModelWalk.Tensors(model.Proto));
    }

    [Fact]
    public void LoadAndSave_UnknownFieldsAtEveryLevel_SurviveWithTheirValues()
    {
        byte[] bytes = UnknownFieldModel.Build(out int inserted);
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["in.onnx"], bytes);

        OnnxModelFile.Save(OnnxModelFile.Load(folder["in.onnx"]), folder["out.onnx"]);
        byte[] saved = File.ReadAllBytes(folder["out.onnx"]);

        Assert.True(
            inserted >= 12, $"the hand-made file should carry unknown fields in every message, and has {inserted}");
        Assert.Equal(inserted, UnknownFieldModel.CountMarks(saved));
        Assert.Equal(WireFields.Describe(bytes), WireFields.Describe(saved));
    }

    [Fact]
    public void LoadAndSave_ElementTypeOfTheFuture_IsKept()
    {
        ModelProto proto = TestModels.Identity();
        proto.Graph.Initializer.Add(
            new TensorProto { Name = "future", DataType = 99, RawData = ByteString.CopyFrom(1, 2, 3) });
        using TemporaryFolder folder = new();
        OnnxModelFile.Save(new OnnxModel(proto), folder["m.onnx"]);

        Assert.Equal(proto, OnnxModelFile.Load(folder["m.onnx"]).Proto);
    }

    [Fact]
    public void LoadAndSave_ZeroAndAbsent_StayDifferent()
    {
        ModelProto proto = TestModels.Identity();
        proto.ModelVersion = 0;
        proto.Graph.Node[0].Attribute.Add(
            new AttributeProto { Name = "zero", F = 0, Type = AttributeProto.Types.AttributeType.Float });
        using TemporaryFolder folder = new();
        OnnxModelFile.Save(new OnnxModel(proto), folder["m.onnx"]);
        ModelProto loaded = OnnxModelFile.Load(folder["m.onnx"]).Proto;

        Assert.True(loaded.HasModelVersion);
        Assert.False(loaded.HasProducerName);
        Assert.True(loaded.Graph.Node[0].Attribute[0].HasF);
        Assert.False(loaded.Graph.Node[0].Attribute[0].HasI);
    }

    [SharedFact]
    public void Load_LargestModel_AllocatesLittleMoreThanTheFile()
    {
        const double Allowance = 1.25;
        string path = SharedModels.PathOf("kwt1_speech_commands.onnx");
        OnnxModelFile.Load(path);
        long before = GC.GetAllocatedBytesForCurrentThread();
        OnnxModel model = OnnxModelFile.Load(path);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(
            allocated < (model.FileBytes * Allowance) + (1 << 20),
            $"{allocated} bytes for a file of {model.FileBytes}");
    }
}
