using FlatLearning.Testing;

namespace FlatLearning.Kernels.Tests;

/// <summary>What the kernels know of, and what the documents say of them.</summary>
public sealed class ReferenceTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "src", "FlatLearning.Kernels");

    [Fact]
    public void Assembly_References_AreTheRepresentationAndTheNumerics()
    {
        string[] references = [
            .. typeof(MatMulProduct).Assembly.GetReferencedAssemblies()
                .Select(name => name.Name!)
                .Where(name => !name.StartsWith("System", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)];
        Assert.Equal(["FlatLearning.Dyn", "FlatLearning.Numerics"], references);
    }

    [Fact]
    public void Files_OfTheKernels_DoNotNameOnnxRuntime()
    {
        string[] files = [
            .. Directory.EnumerateFiles(Folder, "*.*", SearchOption.AllDirectories)
                .Where(path => Path.GetExtension(path) is ".cs" or ".csproj")
                .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))];
        Assert.True(files.Length > 60, $"only {files.Length} files were found");
        Assert.All(
            files,
            path => Assert.DoesNotContain("OnnxRuntime", File.ReadAllText(path), StringComparison.Ordinal));
    }

    [Fact]
    public void Table_OfTheDocuments_IsTheCatalogue()
    {
        string[] expected = [
            .. KernelCatalogue.Kernels.Select(
                info => $"| `{info.Name}` | {Words(info.Needs)} | {info.Rows} | {info.Multiplies} | {info.How} |")];
        string[] found = [
            .. File.ReadLines(Path.Combine(Repository.Root, "docs", "kernels.md"))
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal))];
        Assert.Equal(expected, found);
    }

    private static string Words(InstructionSets needs) => needs switch
    {
        InstructionSets.Avx512 => "AVX-512",
        InstructionSets.Avx2 => "AVX2",
        _ => "any",
    };
}
