using System.Diagnostics;
using System.Reflection;
using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Cli.Tests.CustomOps;

/// <summary>Models with custom operators of others: run where their library is named, said where it is not.</summary>
public sealed class OtherLibraryTests
{
    private const string Domain = "test.others";

    [CompilerFact]
    public async Task EveryVerb_LibraryOfOthersNamed_RunsTheModel()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Doubled());
        string library = Compile(folder);
        CliResult converted = (await Tool.RunAsync(
            "convert", input, "--custom-ops", library, "--verify", "--json", "--bits", "6")).AssertDone();
        Assert.True(converted.Json.GetProperty("verify").GetProperty("passed").GetBoolean());

        CliResult compared = (await Tool.RunAsync(
            "compare", input, folder["net.flat.onnx"], "--custom-ops", library, "--fail-if", "snr<20")).AssertDone();
        Assert.Contains("y", compared.Out, StringComparison.Ordinal);

        CliResult measured = (await Tool.RunAsync(
            "bench", input, folder["net.flat.onnx"], "--custom-ops", library, "--seconds", "0.1", "--json"))
            .AssertDone();
        Assert.Equal(2, measured.Json.GetProperty("runs").GetArrayLength());
    }

    [CompilerFact]
    public async Task Convert_LibraryOfOthersNotNamed_ConvertsAndSaysThatItCannotRun()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Doubled());

        CliResult result = await Tool.RunAsync("convert", input, "--json");

        Assert.Equal(2, result.Json.GetProperty("converted").GetInt32());
        Assert.True(File.Exists(folder["net.flat.onnx"]));
        Assert.Contains("Twice", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_LibraryOfOthersThatIsMissing_IsRefused()
    {
        using TemporaryFolder folder = new();
        string input = folder.Write("net.onnx", Networks.Small());
        (await Tool.RunAsync("convert", input, "--custom-ops", folder["none.so"])).AssertRefused("none.so");
        (await Tool.RunAsync("convert", input, "--custom-ops", "libflat_custom_ops.so")).AssertRefused("our own");
    }

    // The small network with an operator of others between its products.
    private static ModelProto Doubled()
    {
        ModelProto model = Networks.Small();
        NodeProto twice = TestModels.Node("Twice", ["h"], ["h2"]);
        twice.Domain = Domain;
        model.Graph.Node.Insert(1, twice);
        model.Graph.Node[2].Input[0] = "h2";
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = Domain, Version = 1 });
        return model;
    }

    private static string Compile(TemporaryFolder folder)
    {
        string package = typeof(OtherLibraryTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == "OnnxRuntimePackage").Value!;
        string source = Path.Combine(
            Repository.Root, "tests", "FlatLearning.Onnx.Cli.Tests", "CustomOps", "twice.c");
        string library = folder["libtwice.so"];
        using Process compiler = Process.Start(
            CompilerFactAttribute.Compiler,
            [
                "-shared", "-fPIC", "-O1", "-I", Path.Combine(package, "build", "native", "include"), source, "-o",
                library,
            ]);
        compiler.WaitForExit();
        Assert.Equal(0, compiler.ExitCode);
        return library;
    }
}
