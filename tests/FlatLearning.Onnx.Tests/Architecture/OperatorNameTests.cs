using System.Text.RegularExpressions;
using FlatLearning.Onnx.Operators;

namespace FlatLearning.Onnx.Tests.Architecture;

/// <summary>
/// Holds the names of convertible operators to the files of the registry: whoever looks for weights asks the registry,
/// so that a new operator costs one file.
/// </summary>
public sealed partial class OperatorNameTests
{
    private const string Registry = "src/FlatLearning.Onnx/Operators/";

    /// <summary>Files that may spell the names all the same, each with the reason.</summary>
    private static readonly Dictionary<string, string> Excepted = new(StringComparer.Ordinal)
    {
        ["src/FlatLearning.Onnx/Portable/OpBuilder.cs"] =
            "writes function bodies in standard operators, of which these are two; it looks for no weights",
        ["src/FlatLearning.Onnx/Quantised/SourceContext.cs"] =
            "writes products in the place of those with quantised weights, for the registry to find",
    };

    // DynMatMul and MatMulNBits are other operators: ours, and ONNX Runtime's blocks that benchmarks compare with.
    [GeneratedRegex("\"(MatMul|Gemm)\"")]
    private static partial Regex Name();

    [Fact]
    public void EveryFileOutsideTheRegistry_NamesOfConvertibleOperators_AreSpelledForAReasonOnly() =>
        Assert.Equal(
            Excepted.Keys.Order(StringComparer.Ordinal),
            Spelling().Where(file => !file.StartsWith(Registry, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));

    [Fact]
    public void EveryOperator_OfTheRegistry_IsSpelledInOneFile() =>
        Assert.Equal(
            ["GemmOperator.cs", "MatMulOperator.cs"],
            Spelling().Where(file => file.StartsWith(Registry, StringComparison.Ordinal))
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal));

    [Fact]
    public void EveryOperator_ItsClass_IsNamedByItsFileAndTheListOnly()
    {
        string[] operators = [.. ConvertibleOperators.OpTypes.Select(type => $"{type}Operator")];
        Assert.Equal(["GatherOperator", "GemmOperator", "MatMulOperator"], operators.Order(StringComparer.Ordinal));
        foreach (string name in operators)
        {
            Regex word = new($@"\b{name}\b");
            Assert.Equal(
                [$"{Registry}ConvertibleOperators.cs", $"{Registry}{name}.cs"],
                SourceFiles.Under("src", "custom-ops")
                    .Where(path => word.IsMatch(SourceFiles.Text(path)))
                    .Order(StringComparer.Ordinal));
        }
    }

    private static IEnumerable<string> Spelling() =>
        SourceFiles.Under("src", "custom-ops", "benchmarks").Where(path => Name().IsMatch(SourceFiles.Text(path)));
}
