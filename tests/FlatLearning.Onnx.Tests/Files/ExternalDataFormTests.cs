using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Onnx.Validation;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Files;

/// <summary>
/// The forms of external data that ONNX Runtime 1.31 reads and refuses: links, the folders of model hubs, odd numbers.
/// </summary>
public sealed class ExternalDataFormTests : IDisposable
{
    private static readonly byte[] One = [0, 0, 128, 63];
    private readonly TemporaryFolder _parent = new();
    private readonly string _folder;

    public ExternalDataFormTests() => _folder = Directory.CreateDirectory(_parent["model"]).FullName;

    public void Dispose() => _parent.Dispose();

    [Theory]
    [InlineData("w.bin")]
    [InlineData("./w.bin")]
    [InlineData("inner/../w.bin")]
    [InlineData("../model/w.bin")]
    [InlineData("inner//w.bin")]
    [InlineData("..w.bin")]
    [InlineData(" w.bin ")]
    [InlineData("link.bin")]
    [InlineData("chain.bin")]
    [InlineData("absolute.bin")]
    [InlineData("inner/up.bin")]
    [InlineData("linked/w.bin")]
    [InlineData("linked/../w.bin")]
    public void Read_WhateverStaysInTheFolder_IsRead(string location)
    {
        foreach (string name in (string[])["w.bin", "..w.bin", " w.bin ", "inner/w.bin"])
        {
            Put(name);
        }

        Link("link.bin", "inner/w.bin");
        Link("chain.bin", "link.bin");
        Link("absolute.bin", Path.Combine(_folder, "w.bin"));
        Link("inner/up.bin", "../w.bin");
        Link("linked", "inner");

        AssertReads("m.onnx", ("location", location));
    }

    [Fact]
    public void Read_NamesThatMeanMoreOnWindows_AreNamesOfFiles()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (string name in (string[])["C:w.bin", "inner\\w.bin", "..\\w.bin", "\\w.bin"])
        {
            Put(name);
            AssertReads("m.onnx", ("location", name));
        }
    }

    [Theory]
    [InlineData("length", "0")]
    [InlineData("length", "000")]
    [InlineData("length", "0x4")]
    [InlineData("length", "0X00000004")]
    [InlineData("length", "004")]
    [InlineData("offset", "-0")]
    [InlineData("offset", "-00")]
    [InlineData("offset", "000")]
    [InlineData("checksum", "anything")]
    [InlineData("prepacked_7", "k|0;4;0")]
    public void Read_EntriesAsOnnxRuntimeTakesThem_AreTaken(string key, string value)
    {
        Put("w.bin");
        AssertReads("m.onnx", ("location", "w.bin"), (key, value));
    }

    [Theory]
    [InlineData("length", "0x")]
    [InlineData("length", "0x5")]
    [InlineData("length", "0x10000000000000004")]
    [InlineData("length", "-0x4")]
    [InlineData("length", "-0")]
    [InlineData("length", "0b100")]
    [InlineData("length", " 4")]
    [InlineData("length", "4 ")]
    [InlineData("length", "4.0")]
    [InlineData("offset", "0x0")]
    [InlineData("offset", "--0")]
    [InlineData("offset", "+0")]
    [InlineData("offset", "\n0")]
    public void Read_NumbersThatOnnxRuntimeRefuses_AreRefused(string key, string value)
    {
        Put("w.bin");
        AssertRefused("m.onnx", "FLAT01", ("location", "w.bin"), (key, value));
    }

    [Theory]
    [InlineData("snapshots/1/onnx/model.onnx", "../../../blobs/c6ed", "../../../blobs/b879")]
    [InlineData("snapshots/1/model.onnx", "../../blobs/c6ed", "../../blobs/b879")]
    [InlineData("snapshots/1/model.onnx", "../../store/c6ed", "../../store/deeper/b879")]
    [InlineData("snapshots/1/model.onnx", "../../store/c6ed", "model_data.real")]
    [InlineData("snapshots/1/model.onnx", "../chained.onnx", "../../blobs/b879")]
    public void Read_LinksIntoTheFolderOfTheModelsOwnFile_AreFollowed(string model, string toModel, string toData)
    {
        Link("snapshots/chained.onnx", "../blobs/c6ed");
        Hub(model, toModel, toData);

        AssertReads(model, ("location", "model_data"));
        AssertRefused(model, "FLAT0116", ("location", "../../secret.bin"));
        AssertRefused(model, "FLAT0116", ("location", "../../blobs/../secret.bin"));
    }

    [Theory]
    [InlineData("snapshots/1/model.onnx", "../../blobs/c6ed", "../../other/b879")]
    [InlineData("snapshots/1/model.onnx", "../../blobs/c6ed", "../../b879")]
    [InlineData("snapshots/1/model.onnx", "../../blobs/c6ed", "../chained")]
    [InlineData("snapshots/1/model.onnx", "own.onnx", "../../blobs/b879")]
    public void Read_LinksElsewhere_AreRefused(string model, string toModel, string toData)
    {
        Hub(model, toModel, toData);
        AssertRefused(model, "FLAT0116", ("location", "model_data"));
    }

    [Fact]
    public void Read_NamesThatAreNoText_AreNamesOfFiles()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // .NET can neither make such files nor delete them.
        Put("w.bin");
        Put("other.bin");
        string byBytes = "printf 'w\\351.bin'";
        Shell($"mkdir \"$(printf 'd\\377')\" && cp w.bin \"$({byBytes})\" && cp w.bin \"$(printf 'd\\377')/w.bin\" "
            + $"&& ln -s \"$({byBytes})\" link.bin && ln -s /proc/self/comm \"$(printf 'out\\351')\"");
        (string name, string folder) = ("w\U0010fee9.bin", "d\U0010feff");
        try
        {
            foreach (string location in (string[])[name, $"{folder}/w.bin", $"{folder}/../{name}", "link.bin"])
            {
                AssertReads("m.onnx", ("location", location));
            }

            // Another byte, and the character that a reader of UTF-8 shows for any of them.
            foreach (string location in (string[])["w\U0010fee8.bin", "w\ufffd.bin", "d\ufffd/w.bin"])
            {
                AssertRefused("m.onnx", "FLAT0117", ("location", location));
            }

            AssertRefused("m.onnx", "FLAT0116", ("location", "out\U0010fee9"));
            AssertRefused("m.onnx", "FLAT0119", ("location", name), ("offset", "1"));

            OnnxModel model = new(Model(("location", name)), Path.Combine(_folder, "m.onnx"));
            Assert.Equal(model.Proto.CalculateSize() + 4, ModelSize.Of(model));
            Assert.True(FileIdentity.AreSame(model.ExternalFiles.Single(), Path.Combine(_folder, "link.bin")));
            Assert.False(FileIdentity.AreSame(model.ExternalFiles.Single(), Path.Combine(_folder, "other.bin")));
        }
        finally
        {
            Shell("rm -r -- *");
        }
    }

    [Fact]
    public void Read_DataInTheModelsOwnFile_IsReadAndCountedOnce()
    {
        // Behind the model stands a field that no version of ONNX has, with the data in it.
        byte[] model = [];
        for (int round = 0; round < 2; round++)
        {
            model = TestModels.Bytes(Model(("location", "m.onnx"), ("offset", $"{model.Length + 3:d8}")));
        }

        File.WriteAllBytes(Path.Combine(_folder, "m.onnx"), [.. model, 0xfa, 0x07, 4, .. One]);
        OnnxModel loaded = OnnxModelFile.Load(Path.Combine(_folder, "m.onnx"));

        Assert.Equal([1f], loaded.Tensors.ReadSingles(loaded.Proto.Graph.Initializer[0]));
        Assert.Equal(new FileInfo(Path.Combine(_folder, "m.onnx")).Length, ModelSize.Of(loaded));
    }

    [Fact]
    public void Read_NoElementsOfANamedPipe_DoesNotWait()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using (System.Diagnostics.Process mkfifo = System.Diagnostics.Process.Start(
            "mkfifo", Path.Combine(_folder, "pipe")))
        {
            mkfifo.WaitForExit();
        }

        OnnxModel model = new(Model(("location", "pipe")), Path.Combine(_folder, "m.onnx"));
        model.Proto.Graph.Initializer[0].Dims[0] = 0;
        Assert.Empty(model.Tensors.ReadRaw(model.Proto.Graph.Initializer[0]));
        AssertRefused("m.onnx", "FLAT0119", ("location", "pipe"));
    }

    private void Shell(string command)
    {
        using System.Diagnostics.Process shell = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = _folder })!;
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    private static ModelProto Model(params (string, string)[] entries)
    {
        ModelProto proto = TestModels.Identity();
        proto.Graph.Initializer.Add(TestModels.External("w", DataType.Float, [1], entries));
        return proto;
    }

    private void Hub(string model, string toModel, string toData)
    {
        foreach (string folder in (string[])["blobs", "store/deeper", "other", "snapshots/1/onnx"])
        {
            Directory.CreateDirectory(Path.Combine(_folder, folder));
        }

        foreach (string name in (string[])[
            "secret.bin", "b879", "blobs/b879", "blobs/c6ed", "store/c6ed", "store/deeper/b879", "other/b879",
            "snapshots/chained", "snapshots/1/model_data.real", "snapshots/1/own.onnx"])
        {
            Put(name);
        }

        Link(model, toModel);
        Link(Path.Combine(Path.GetDirectoryName(model)!, "model_data"), toData);
    }

    private void Put(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
        File.WriteAllBytes(Path.Combine(_folder, name), One);
    }

    private void Link(string name, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
        File.CreateSymbolicLink(Path.Combine(_folder, name), target);
    }

    private void AssertReads(string path, params (string, string)[] entries)
    {
        OnnxModel model = new(Model(entries), Path.Combine(_folder, path));
        Assert.Equal([1f], model.Tensors.ReadSingles(model.Proto.Graph.Initializer[0]));
        ModelValidator.Check(model);
    }

    private void AssertRefused(string path, string number, params (string, string)[] entries)
    {
        OnnxModel model = new(Model(entries), Path.Combine(_folder, path));
        Assert.StartsWith(
            number,
            Assert.Throws<OnnxModelException>(() => ModelValidator.Check(model)).Message,
            StringComparison.Ordinal);
    }
}
