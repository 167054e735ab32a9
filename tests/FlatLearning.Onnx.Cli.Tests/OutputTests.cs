using System.Runtime.Versioning;
using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Cli.Tests;

/// <summary>
/// Where the verbs write: sizes that are true, inputs that survive, targets that are looked at first.
/// </summary>
public sealed class OutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Convert_SmallExternalTensors_TakesWhatItSaysAndRestoreTakesNoMoreThanTheOriginal()
    {
        string input = Scattered(400, "net.onnx");
        long before = OnDisk("net.onnx");
        CliResult dry = (await Tool.RunAsync("convert", input, "--dry-run", "--json")).AssertDone();
        CliResult done = (await Tool.RunAsync("convert", input, "--json")).AssertDone();
        long after = OnDisk("net.flat.onnx");
        CliResult restored = (await Tool.RunAsync("restore", _folder["net.flat.onnx"], "--json")).AssertDone();

        Assert.Equal(before, done.Json.GetProperty("input_bytes").GetInt64());
        Assert.Equal(after, done.Json.GetProperty("output_bytes").GetInt64());
        Assert.InRange(dry.Json.GetProperty("output_bytes").GetInt64(), 0.99 * after, 1.01 * after);
        Assert.Equal(after, restored.Json.GetProperty("input_bytes").GetInt64());
        Assert.Equal(OnDisk("net.restored.onnx"), restored.Json.GetProperty("output_bytes").GetInt64());
        Assert.True(after < before, $"{before} -> {after}");
        Assert.True(OnDisk("net.restored.onnx") <= before, $"{before} -> {OnDisk("net.restored.onnx")}");
    }

    [Theory]
    [InlineData("--target-size", "24000")]
    [InlineData("--target-size", "60%")]
    public async Task Convert_TargetSizeOfAModelInSeveralFiles_IsMetByAllFilesTogether(string option, string value)
    {
        string input = Scattered(24, "net.onnx");
        long limit = value.EndsWith('%') ? (long)(0.6 * OnDisk("net.onnx")) : 24000;
        foreach (string output in (string[])["o.onnx", "an output with a name that every tensor carries.onnx"])
        {
            CliResult done = await Tool.RunAsync("convert", input, "-o", _folder[output], option, value, "--json");

            Assert.Equal(0, done.Status);
            Assert.Equal(OnDisk(output), done.Json.GetProperty("output_bytes").GetInt64());
            Assert.Equal(OnDisk(output), done.Json.GetProperty("target").GetProperty("reached").GetDouble());
            Assert.True(OnDisk(output) <= limit, $"{OnDisk(output)} bytes, at most {limit}");
        }
    }

    [Theory]
    [InlineData("link/net.onnx", "real/net.onnx")]
    [InlineData("real/net.onnx", "link/net.onnx")]
    [InlineData("real/net.onnx", "real/../link/./net.onnx")]
    [InlineData("soft.onnx", "real/net.onnx")]
    [InlineData("real/net.onnx", "soft.onnx")]
    [InlineData("real/net.onnx", "hard.onnx")]
    [InlineData("link/net.onnx", "real/w.bin")]
    [InlineData("real/net.onnx", "link/w.bin")]
    [InlineData("real/net.onnx", "data")]
    public async Task Convert_OutputThatIsAnInput_IsRefusedWhateverItIsCalled(string input, string output)
    {
        (ModelProto model, byte[] side) = Networks.WithExternalData();
        Directory.CreateDirectory(_folder["real"]);
        Directory.CreateSymbolicLink(_folder["link"], "real");
        byte[] bytes = File.ReadAllBytes(_folder.Write("real/net.onnx", model));
        File.WriteAllBytes(_folder["real/w.bin"], side);
        File.CreateSymbolicLink(_folder["soft.onnx"], "real/net.onnx");
        File.CreateSymbolicLink(_folder["w.bin"], "real/w.bin");
        File.CreateSymbolicLink(_folder["data"], "link/w.bin");
        await ToolProcess.RunInShellAsync($"ln '{_folder["real/net.onnx"]}' '{_folder["hard.onnx"]}'");

        foreach (string verb in (string[])["convert", "restore"])
        {
            CliResult refused =
                await Tool.RunAsync(verb, _folder[input], "-o", _folder[output], "--overwrite");
            refused.AssertRefused(_folder[output]);
        }

        Assert.Equal(bytes, File.ReadAllBytes(_folder["real/net.onnx"]));
        Assert.Equal(side, File.ReadAllBytes(_folder["real/w.bin"]));
    }

    [Fact]
    public async Task Convert_OutputOverItsSamples_IsRefused()
    {
        string input = _folder.Write("net.onnx", Networks.Small());
        Directory.CreateDirectory(_folder["samples"]);
        Directory.CreateSymbolicLink(_folder["also"], "samples");
        File.WriteAllText(_folder["samples/x.npz"], "samples");
        string[][] asked =
        [
            ["-o", _folder["also/x.npz"], "--hessian", _folder["samples/x.npz"]],
            ["-o", _folder["also/x.npz"], "--verify", "--inputs", _folder["samples/x.npz"]],
            ["-o", _folder["also/x.npz"], "--verify", "--inputs", _folder["samples"]],
        ];
        foreach (string[] options in asked)
        {
            (await Tool.RunAsync(["convert", input, "--overwrite", .. options])).AssertRefused("FLAT0933", "x.npz");
        }

        Assert.Equal("samples", File.ReadAllText(_folder["samples/x.npz"]));
    }

    [Fact]
    public async Task Fit_PlotOverTheMatrix_IsRefused()
    {
        _folder.WriteNormal("w.npy", 16, 16);
        File.CreateSymbolicLink(_folder["plot.svg"], "w.npy");
        byte[] before = File.ReadAllBytes(_folder["w.npy"]);

        (await Tool.RunAsync("fit", _folder["w.npy"], "--plot", _folder["plot.svg"], "--overwrite"))
            .AssertRefused("FLAT0933", "--plot");
        Assert.Equal(before, File.ReadAllBytes(_folder["plot.svg"]));
    }

    [Fact]
    public async Task AnyVerb_OutputOfADash_IsRefusedAndNoFileIsMade()
    {
        string input = _folder.Write("net.onnx", Networks.Small());
        (await Tool.RunAsync("convert", input)).AssertDone();
        string[][] asked =
        [
            ["convert", input, "-o", "-"], ["convert", input, "--output=-", "--overwrite"],
            ["restore", _folder["net.flat.onnx"], "-o", "-"], ["fit", $"{input}::W1", "--plot", "-"],
        ];
        foreach (string[] arguments in asked)
        {
            (await Tool.RunAsync(arguments)).AssertRefused("'-'");
        }

        Assert.False(File.Exists("-"));
    }

    [PermissionFact]
    [UnsupportedOSPlatform("windows")]
    public async Task AnyVerb_FolderThatTakesNoFiles_IsNoticedBeforeAnyWork()
    {
        // A fit that takes minutes: whoever notices at the end only, is interrupted by the test's patience.
        string input = _folder.Write("net.onnx", Networks.Chain(1, 1024));
        (await Tool.RunAsync("convert", _folder.Write("small.onnx", Networks.Small()))).AssertDone();
        Directory.CreateDirectory(_folder["sealed"]);
        File.SetUnixFileMode(_folder["sealed"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string[][] asked =
        [
            ["convert", input, "-o", _folder["sealed/net.flat.onnx"], "--bits", "3", "--effort", "max"],
            ["restore", _folder["small.flat.onnx"], "-o", _folder["sealed/net.onnx"]],
            ["fit", $"{input}::W0", "--plot", _folder["sealed/net.svg"]],
        ];
        foreach (string[] arguments in asked)
        {
            CliResult result = await ToolProcess.RunInShellAsync($"{PermissionFactAttribute.Prefix} \"$@\"", arguments);
            result.AssertRefused("FLAT0112", "sealed");
            Assert.Empty(result.ProgressLines);
        }
    }

    [Fact]
    public async Task Convert_NameTooLongForTheSystem_IsNoticedBeforeAnyWork()
    {
        string input = _folder.Write("net.onnx", Networks.Chain(1, 1024));
        CliResult result = await Tool.RunAsync(
            "convert", input, "-o", _folder[new string('n', 300)], "--bits", "3", "--effort", "max");
        result.AssertRefused("FLAT0112");
        Assert.Empty(result.ProgressLines);
    }

    [Fact]
    public async Task Convert_ThreeAtOnceToOneOutput_ExactlyOneSucceeds()
    {
        string input = _folder.Write("net.onnx", Networks.Small());
        CliResult[] results = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(seed => ToolProcess.RunAsync(
                "convert", input, "-o", _folder["one.onnx"], "--seed", $"{seed}")));

        Assert.Single(results, result => result.Status == 0);
        Assert.All(results.Where(result => result.Status != 0), result => result.AssertRefused("exists already"));
        Assert.Equal(["net.onnx", "one.onnx"], _folder.Names);
    }

    [Fact]
    public async Task Convert_WithoutExternalDataOverAModelWithSome_LeavesNoOldData()
    {
        string external = Scattered(2, "external.onnx", staying: 40);
        string inline = _folder.Write("inline.onnx", Networks.Small());
        (await Tool.RunAsync("convert", external, "-o", _folder["out.onnx"])).AssertDone();
        Assert.True(File.Exists(_folder["out.onnx.data"]), "the weight that stays is external");

        (await Tool.RunAsync("convert", inline, "-o", _folder["out.onnx"], "--overwrite")).AssertDone();
        Assert.Equal(["external.onnx", "external.onnx.bin", "inline.onnx", "out.onnx"], _folder.Names);
    }

    [Fact]
    public async Task Convert_BesideAFileNamedAsItsData_LeavesItWithANote()
    {
        string input = _folder.Write("net.onnx", Networks.Small());
        File.WriteAllText(_folder["net.flat.onnx.data"], "somebody's");
        CliResult result = await Tool.RunAsync("convert", input);

        Assert.Equal(0, result.Status);
        Assert.Contains("net.flat.onnx.data", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Equal("somebody's", File.ReadAllText(_folder["net.flat.onnx.data"]));
        result = await Tool.RunAsync("restore", _folder["net.flat.onnx"], "-o", _folder["net.flat"]);
        Assert.Empty(result.ErrorLines);
    }

    [Fact]
    public async Task Convert_ModelOfAHubsCache_ConvertsAndVerifies()
    {
        (ModelProto model, byte[] side) = Networks.WithExternalData();
        Directory.CreateDirectory(_folder["blobs"]);
        Directory.CreateDirectory(_folder["snapshots/1/onnx"]);
        _folder.Write("blobs/c6ed", model);
        File.WriteAllBytes(_folder["blobs/b879"], side);
        File.CreateSymbolicLink(_folder["snapshots/1/onnx/model.onnx"], "../../../blobs/c6ed");
        File.CreateSymbolicLink(_folder[$"snapshots/1/onnx/{GoodModels.SideFile}"], "../../../blobs/b879");
        string input = _folder["snapshots/1/onnx/model.onnx"];

        CliResult result = (await Tool.RunAsync("convert", input, "--json")).AssertDone();
        Assert.Equal(
            new FileInfo(_folder["blobs/c6ed"]).Length + side.Length,
            result.Json.GetProperty("input_bytes").GetInt64());
        (await Tool.RunAsync("compare", input, _folder["snapshots/1/onnx/model.flat.onnx"], "--portable")).AssertDone();
        (await Tool.RunAsync("convert", input, "-o", _folder["blobs/c6ed"], "--overwrite")).AssertRefused("FLAT0933");
        (await Tool.RunAsync("convert", input, "-o", _folder["blobs/b879"], "--overwrite")).AssertRefused("FLAT0122");
        Assert.Equal(side, File.ReadAllBytes(_folder["blobs/b879"]));
    }

    [Fact]
    public async Task Convert_UnusedInitializerWithoutItsData_IsLeftOutWithANote()
    {
        ModelProto model = Networks.Small();
        model.Graph.Initializer.Add(
            TestModels.External("unused", DataType.Float, [4], ("location", "none.bin")));
        string input = _folder.Write("net.onnx", model);
        CliResult result = await Tool.RunAsync("convert", input);

        Assert.Equal(0, result.Status);
        Assert.Contains("'unused'", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(["net.flat.onnx", "net.onnx"], _folder.Names);
    }

    private long OnDisk(string model) =>
        _folder.Names.Where(name => name == model || name == $"{model}.data" || name == $"{model}.bin")
            .Sum(name => new FileInfo(_folder[name]).Length);

    /// <summary>A network with many small external tensors around one weight, as a threshold of 0 writes.</summary>
    private string Scattered(int tensors, string name, int staying = 0)
    {
        ModelProto model = Networks.Small();
        GraphProto graph = model.Graph;
        graph.Node[0].Input[0] = "a0";
        for (int i = 0; i < tensors; i++)
        {
            graph.Initializer.Add(TensorWriter.Float32($"b{i}", [Networks.Width], new float[Networks.Width]));
            graph.Node.Insert(i, TestModels.Node("Add", [i == tensors - 1 ? "x" : $"a{i + 1}", $"b{i}"], [$"a{i}"]));
        }

        if (staying > 0)
        {
            graph.Initializer.Add(TensorWriter.Int64("stays", [staying, 64], new long[staying * 64]));
            graph.Initializer.Add(TensorWriter.Int64("ids", [1], [1]));
            graph.Node.Add(TestModels.Node("Gather", ["stays", "ids"], ["g"]));
            graph.Output.Add(TestModels.Value("g", DataType.Int64, 1, 64));
        }

        List<byte> side = [];
        foreach (TensorProto tensor in graph.Initializer)
        {
            byte[] bytes = tensor.RawData.ToByteArray();
            tensor.ClearRawData();
            tensor.MergeFrom(
                TestModels.External(
                    tensor.Name,
                    (DataType)tensor.DataType,
                    [],
                    ("location", $"{name}.bin"),
                    ("offset", $"{side.Count}"),
                    ("length", $"{bytes.Length}")));
            side.AddRange(bytes);
        }

        File.WriteAllBytes(_folder[$"{name}.bin"], [.. side]);
        return _folder.Write(name, model);
    }
}
