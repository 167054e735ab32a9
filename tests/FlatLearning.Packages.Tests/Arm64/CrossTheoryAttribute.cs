namespace FlatLearning.Packages.Tests.Arm64;

/// <summary>A parameterised test that builds for 64-bit Arm; skipped, with the reason, where that cannot be.</summary>
internal sealed class CrossTheoryAttribute : TheoryAttribute
{
    public CrossTheoryAttribute()
    {
        Skip = CrossTools.Missing;
    }
}
