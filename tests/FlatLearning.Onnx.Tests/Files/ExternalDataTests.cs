using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Onnx.Validation;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Files;

/// <summary>External data comes from inside the model's folder, and exactly the bytes that are asked for.</summary>
public sealed class ExternalDataTests
{
    [Theory]
    [InlineData("/etc/hostname")]
    [InlineData("../secret.bin")]
    [InlineData("inner/../../secret.bin")]
    [InlineData("inner/../../model/../secret.bin")]
    [InlineData("linkedfolder/../secret.bin")]
    [InlineData("..")]
    [InlineData("..\\secret.bin")]
    [InlineData("\\secret.bin")]
    [InlineData("C:\\secret.bin")]
    [InlineData("C:secret.bin")]
    [InlineData("w.bin\0.txt")]
    [InlineData("linked.bin")]
    [InlineData("chained.bin")]
    [InlineData("linkedfolder/secret.bin")]
    [InlineData("circle.bin")]
    public void Read_LocationOutsideTheFolder_IsRefused(string location)
    {
        using TemporaryFolder parent = new();
        string folder = Directory.CreateDirectory(parent["model"]).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "inner"));
        File.WriteAllBytes(parent["secret.bin"], new byte[64]);
        File.WriteAllBytes(Path.Combine(folder, "w.bin"), new byte[64]);
        File.CreateSymbolicLink(Path.Combine(folder, "linked.bin"), parent["secret.bin"]);
        File.CreateSymbolicLink(Path.Combine(folder, "chained.bin"), "linked.bin");
        File.CreateSymbolicLink(Path.Combine(folder, "circle.bin"), "circle.bin");
        Directory.CreateSymbolicLink(Path.Combine(folder, "linkedfolder"), parent.Path);

        OnnxModel model = Model(Path.Combine(folder, "m.onnx"), [16], ("location", location));
        Exception thrown =
            Assert.Throws<OnnxModelException>(() => model.Tensors.ReadSingles(model.Proto.Graph.Initializer[0]));
        Assert.StartsWith("FLAT0116", thrown.Message);
        Assert.StartsWith("FLAT0116", Assert.Throws<OnnxModelException>(() => ModelValidator.Check(model)).Message);
    }

    [Fact]
    public void Read_LinksThatStayInside_AreFollowed()
    {
        using TemporaryFolder parent = new();
        string folder = Directory.CreateDirectory(parent["model"]).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "inner"));
        File.WriteAllBytes(Path.Combine(folder, "inner", "w.bin"), [0, 0, 128, 63]);
        File.CreateSymbolicLink(Path.Combine(folder, "linked.bin"), "inner/w.bin");
        Directory.CreateSymbolicLink(parent["alias"], folder);

        foreach (string location in (string[])["inner/w.bin", "linked.bin", "./inner/w.bin"])
        {
            OnnxModel model = Model(Path.Combine(parent["alias"], "m.onnx"), [1], ("location", location));
            Assert.Equal([1f], model.Tensors.ReadSingles(model.Proto.Graph.Initializer[0]));
        }
    }

    [Theory]
    [InlineData("0", "64", "FLAT0120")]
    [InlineData("4", "16", null)]
    [InlineData("48", "16", null)]
    [InlineData("49", "16", "FLAT0119")]
    [InlineData("64", "16", "FLAT0119")]
    [InlineData("9223372036854775807", "16", "FLAT0119")]
    [InlineData("9223372036854775808", "16", "FLAT0118")]
    [InlineData("-1", "16", "FLAT0118")]
    [InlineData("+1", "16", "FLAT0118")]
    [InlineData("0x10", "16", "FLAT0118")]
    [InlineData("", "16", "FLAT0118")]
    [InlineData("0", "15", "FLAT0120")]
    [InlineData("0", "-16", "FLAT0118")]
    [InlineData("0", "", "FLAT0118")]
    public void Read_OffsetAndLength_AreHeldAgainstFileAndShape(string offset, string length, string? number)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["w.bin"], new byte[64]);
        OnnxModel model = Model(folder["m.onnx"], [4], ("location", "w.bin"), ("offset", offset), ("length", length));
        if (number is null)
        {
            Assert.Equal(4, model.Tensors.ReadSingles(model.Proto.Graph.Initializer[0]).Length);
        }
        else
        {
            Exception thrown =
                Assert.Throws<OnnxModelException>(() => model.Tensors.ReadSingles(model.Proto.Graph.Initializer[0]));
            Sentences.AssertOne(thrown, number, "'w'");
        }
    }

    [Fact]
    public void Read_MissingEmptyFolderOrNoFile_IsRefused()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["sub"]);
        (string, string)[][] cases = [
            [("location", "none.bin")], [("location", "sub")], [("location", "")], [], [("location", "none/none.bin")]];
        foreach ((string, string)[] entries in cases)
        {
            OnnxModel model = Model(folder["m.onnx"], [4], entries);
            Sentences.AssertOne(
                Assert.Throws<OnnxModelException>(() => model.Tensors.ReadRaw(model.Proto.Graph.Initializer[0])),
                "'w'");
        }

        OnnxModel inMemory = new(Model(folder["m.onnx"], [4], ("location", "w.bin")).Proto);
        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(() => inMemory.Tensors.ReadRaw(inMemory.Proto.Graph.Initializer[0])),
            "FLAT0114");
    }

    [Fact]
    public void Read_HugeShapeOverSmallFile_FailsBeforeAllocating()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["w.bin"], new byte[64]);
        OnnxModel model = Model(folder["m.onnx"], [500_000_000], ("location", "w.bin"));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<OnnxModelException>(() => model.Tensors.ReadSingles(model.Proto.Graph.Initializer[0]));

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    private static OnnxModel Model(string path, long[] dims, params (string, string)[] entries)
    {
        ModelProto proto = TestModels.Identity();
        proto.Graph.Initializer.Add(TestModels.External("w", DataType.Float, dims, entries));
        return new OnnxModel(proto, path);
    }
}
