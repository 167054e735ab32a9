using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels;

/// <summary>The instructions that a kernel cannot do without.</summary>
[Flags]
public enum InstructionSets
{
    /// <summary>None: plain loops and the vectors that every processor has.</summary>
    None = 0,

    /// <summary>AVX2 with FMA.</summary>
    Avx2 = 1,

    /// <summary>AVX-512 F, BW, DQ, CD and VL.</summary>
    Avx512 = 2,
}

/// <summary>What this processor has of them.</summary>
public static class InstructionSetsExtensions
{
    /// <summary>Why a kernel that needs these cannot run here, as half a sentence, or null where it can.</summary>
    /// <param name="needed">What the kernel needs.</param>
    public static string? Missing(this InstructionSets needed) => needed switch
    {
        _ when needed.HasFlag(InstructionSets.Avx512) && !HasAvx512 => "needs AVX-512, which this processor lacks",
        _ when needed.HasFlag(InstructionSets.Avx2) && !HasAvx2 => "needs AVX2 and FMA, which this processor lacks",
        _ => null,
    };

    private static bool HasAvx2 => Avx2.IsSupported && Fma.IsSupported;

    private static bool HasAvx512 => Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512CD.IsSupported;
}
