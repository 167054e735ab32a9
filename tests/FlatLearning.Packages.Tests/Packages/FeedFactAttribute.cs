using System.Runtime.InteropServices;

namespace FlatLearning.Packages.Tests.Packages;

/// <summary>A test that makes the packages; skipped, with the reason, where a release is not made.</summary>
internal sealed class FeedFactAttribute : FactAttribute
{
    /// <summary>Why no release is made here, or null.</summary>
    public static string? Missing { get; } =
        RuntimeInformation.RuntimeIdentifier == "linux-x64" ? null : "packages are made on Linux x64";

    public FeedFactAttribute()
    {
        Skip = Missing;
    }
}
