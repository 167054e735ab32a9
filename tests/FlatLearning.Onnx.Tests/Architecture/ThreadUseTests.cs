using System.Text.RegularExpressions;

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
        string[] files = [.. SourceFiles.Under(Folders)];
        Assert.True(files.Length > 200, $"only {files.Length} files were found");
        Assert.Equal(
            ["ThreadWorkers.cs"],
            files.Where(path => Starts().IsMatch(Code(path))).Select(path => Path.GetFileName(path)));
    }

    private static string Code(string path) =>
        string.Join(
            '\n',
            SourceFiles.Text(path).Split('\n')
                .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex(
        @"\bParallel\.|\bThreadPool\.|\bnew Thread\b|\bTask\.(Run|Factory)\b|\.AsParallel\(|\bTaskFactory\b")]
    private static partial Regex Starts();
}
