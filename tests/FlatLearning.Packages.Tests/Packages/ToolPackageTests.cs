using FlatLearning.Packages.Tests.Support;

namespace FlatLearning.Packages.Tests.Packages;

/// <summary>The tool, installed from its package.</summary>
[Trait("Set", "Long")]
[Collection(BuildsCollection.Name)]
public sealed class ToolPackageTests(PackageFeed feed)
{
    [PackageFact]
    public void Tool_InstalledIntoAnEmptyFolder_ConvertsAndVerifies()
    {
        using Workplace place = new(feed);
        place.Run(
            Command.DotNet, "tool", "install", "flat-onnx", "--version", PackageFeed.Version, "--tool-path", "tools");
        string tool = place[Path.Combine("tools", "flat-onnx")];

        place.Run(tool, "convert", Tool.SampleModel("lenet5/lenet5.onnx"), "-o", "small.onnx", "--verify");

        Assert.True(File.Exists(place["small.onnx"]), "the tool writes the converted model");
        Assert.StartsWith(place["tools"], place.Run(tool, "library-path"), StringComparison.Ordinal);
    }
}
