using System.Text.RegularExpressions;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Tests.Architecture;

/// <summary>
/// Numerics, representation, fits and the native library start no threads of their own: whoever calls says how many
/// there are, by IWorkers. <c>ThreadWorkers</c> is the only place that asks .NET's pool.
/// </summary>
public sealed partial class ThreadUseTests
{
    private static readonly string[] Folders = [
        "src/FlatLearning.Numerics", "src/FlatLearning.Dyn", "src/FlatLearning.Kernels", "src/FlatLearning.Fitting",
        "custom-ops"];

    [Fact]
    public void EveryFile_ButThreadWorkers_StartsNoThreads()
    {
        string[] files = [
            .. Folders.Select(folder => Path.Combine(Repository.Root, folder))
                .Where(Directory.Exists)
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
                .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))];
        Assert.True(files.Length > 200, $"only {files.Length} files were found");
        Assert.Equal(
            ["ThreadWorkers.cs"],
            files.Where(path => Starts().IsMatch(Code(path))).Select(path => Path.GetFileName(path)));
    }

    private static string Code(string path) =>
        string.Join(
            '\n', File.ReadLines(path).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex(
        @"\bParallel\.|\bThreadPool\.|\bnew Thread\b|\bTask\.(Run|Factory)\b|\.AsParallel\(|\bTaskFactory\b")]
    private static partial Regex Starts();
}
