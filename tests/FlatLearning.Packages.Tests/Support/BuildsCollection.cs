using FlatLearning.Packages.Tests.Packages;

namespace FlatLearning.Packages.Tests.Support;

/// <summary>Tests that start builds run one after the other, since they write into the same folders.</summary>
[CollectionDefinition(Name)]
public sealed class BuildsCollection : ICollectionFixture<PackageFeed>
{
    public const string Name = "Builds";
}
