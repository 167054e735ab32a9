namespace FlatLearning.Packages.Tests.Packages;

/// <summary>
/// A test that makes and installs packages; skipped, with the reason, where a release is not made or no package source
/// can be reached.
/// </summary>
internal sealed class PackageFactAttribute : FactAttribute
{
    public PackageFactAttribute()
    {
        Skip = FeedFactAttribute.Missing ?? PackageSources.Missing;
    }
}
