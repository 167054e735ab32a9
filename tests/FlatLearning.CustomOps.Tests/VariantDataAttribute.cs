using System.Reflection;
using System.Runtime.InteropServices;
using FlatLearning.Kernels;
using Xunit.Sdk;

namespace FlatLearning.CustomOps.Tests;

/// <summary>
/// A row of a theory that begins with a build of the library: <c>avx2</c>, the one that users register, or
/// <c>avx512</c>, which it hands over to. Skipped, with the reason, where the processor or the system lacks it.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class VariantDataAttribute : DataAttribute
{
    private readonly object?[] _row;

    /// <summary>A row of the build alone.</summary>
    public VariantDataAttribute(string variant)
        : this([variant], variant)
    {
    }

    /// <summary>A row of the build and of how many elements are kept decoded, null for as many as usual.</summary>
    public VariantDataAttribute(string variant, string? kept)
        : this([variant, kept], variant)
    {
    }

    private VariantDataAttribute(object?[] row, string variant)
    {
        _row = row;
        Skip = RuntimeInformation.ProcessArchitecture != Architecture.X64 ? "needs an x64 processor"
            : variant == "avx512" && !OperatingSystem.IsLinux() ? "only on Linux is there a build for AVX-512"
            : (variant == "avx512" ? InstructionSets.Avx512 : InstructionSets.Avx2).Missing();
    }

    public override IEnumerable<object?[]> GetData(MethodInfo testMethod) => [_row];
}
