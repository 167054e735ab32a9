using System.Text.RegularExpressions;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Tests.Architecture;

/// <summary>
/// Holds the names of convertible operators to the files of the registry: whoever looks for weights asks the registry,
/// so that a new operator costs one file.
/// </summary>
public sealed partial class OperatorNameTests
{
    private static readonly string Registry = Path.Combine("src", "FlatLearning.Onnx", "Operators");

    /// <summary>Files that may spell the names all the same, each with the reason.</summary>
    private static readonly Dictionary<string, string> Excepted = new(StringComparer.Ordinal)
    {
        [Path.Combine("src", "FlatLearning.Onnx", "Portable", "OpBuilder.cs")] =
            "writes function bodies in standard operators, of which these are two; it looks for no weights",
    };

    // DynMatMul and MatMulNBits are other operators: ours, and ONNX Runtime's blocks that benchmarks compare with.
    [GeneratedRegex("\"(MatMul|Gemm)\"")]
    private static partial Regex Name();

    [Fact]
    public void EveryFileOutsideTheRegistry_NamesOfConvertibleOperators_AreSpelledForAReasonOnly() =>
        Assert.Equal(
            Excepted.Keys, Spelling().Where(file => !file.StartsWith(Registry, StringComparison.Ordinal)));

    [Fact]
    public void EveryOperator_OfTheRegistry_IsSpelledInOneFile() =>
        Assert.Equal(
            ["GemmOperator.cs", "MatMulOperator.cs"],
            Spelling().Where(file => file.StartsWith(Registry, StringComparison.Ordinal))
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal));

    private static IEnumerable<string> Spelling() =>
        new[] { "src", "custom-ops", "benchmarks" }
            .SelectMany(folder => Directory.EnumerateFiles(
                Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .Where(path => Name().IsMatch(File.ReadAllText(Path.Combine(Repository.Root, path))));
}
