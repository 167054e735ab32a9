namespace FlatLearning.Cuda.Tests;

/// <summary>A test with NVIDIA's assembler: the path in FLAT_PTXAS, or ptxas on PATH.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PtxasTheoryAttribute : TheoryAttribute
{
    public PtxasTheoryAttribute()
    {
        if (Ptxas is null)
        {
            Skip = "There is no ptxas on PATH, and FLAT_PTXAS names none (docs/cuda.md says where to get it).";
        }
    }

    /// <summary>Its path, or null.</summary>
    public static string? Ptxas { get; } = Environment.GetEnvironmentVariable("FLAT_PTXAS") is { Length: > 0 } path
        ? path
        : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "ptxas"))
            .FirstOrDefault(File.Exists);
}
