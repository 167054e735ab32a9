namespace FlatLearning.Testing;

/// <summary>
/// A test of each narrower vector width; skipped, with the reason, where the switches are not those of this processor.
/// </summary>
internal sealed class X64TheoryAttribute : TheoryAttribute
{
    public X64TheoryAttribute()
    {
        if (!System.Runtime.Intrinsics.X86.Avx2.IsSupported)
        {
            Skip = "needs an x64 processor with AVX2";
        }
    }
}
