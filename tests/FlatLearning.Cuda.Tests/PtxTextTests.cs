using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using FlatLearning.Kernels.Cuda;

namespace FlatLearning.Cuda.Tests;

/// <summary>The text that ships.</summary>
public sealed partial class PtxTextTests
{
    private static string Text(string kernel) => Encoding.ASCII.GetString(PtxText.Read(kernel)).TrimEnd('\0');

    // In another process, in another order: names that the compiler numbers would differ.
    [Fact]
    public void EveryKernel_CompiledAgainAlone_IsTheTextThatShips()
    {
        MethodInfo[] kernels = [.. PtxCompiler.Kernels];
        Assert.Equal(PtxText.Kernels, kernels.Select(kernel => kernel.Name));
        Array.Reverse(kernels);
        Assert.All(
            kernels.Where((_, i) => i % 4 == 0),
            kernel => Assert.Equal(Text(kernel.Name), PtxCompiler.Compile(kernel)));
    }

    [Fact]
    public void EveryKernel_IsForTheOldestCardAndKeepsItsNumbersInRegisters()
    {
        Assert.Equal(28, PtxText.Kernels.Count());
        Assert.All(PtxText.Kernels, kernel =>
        {
            string text = Text(kernel);
            Assert.Contains(".version 6.3", text, StringComparison.Ordinal);
            Assert.Contains($".target sm_{CudaContext.OldestCapability}\n", text, StringComparison.Ordinal);
            Assert.DoesNotContain(".local", text, StringComparison.Ordinal);
            Assert.Contains($".entry {PtxText.Entry(kernel)}(", text, StringComparison.Ordinal);
        });
    }

    // What a pass over one step, four rows of 32 columns, executes for each weight. Without loads and the table of a
    // row, which are shared by all columns.
    [Theory]
    [InlineData(2, 0.5, 0.5)]
    [InlineData(3, 1, 1.4)]
    [InlineData(4, 1, 1)]
    [InlineData(5, 1, 1.6)]
    [InlineData(6, 2, 2.6)]
    public void LookUps_ForEachWeight_AreAsArithmeticAsksFor(int bits, double shuffles, double others)
    {
        string text = Text($"LookUp{bits}");
        const double Weights = 4 * 32;
        Assert.Equal(shuffles, Shuffle().Count(text) / Weights);
        Assert.InRange(Shift().Count(text) / Weights, 0, others);
    }

    [GeneratedRegex(@"\nshfl\.sync\.idx")]
    private static partial Regex Shuffle();

    [GeneratedRegex(@"\n(shr\.u32|shl\.b32|or\.b32)")]
    private static partial Regex Shift();
}
