using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using FlatLearning.Packages.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Packages.Tests.Packages;

/// <summary>What is in the packages.</summary>
[Trait("Set", "Long")]
[Collection(BuildsCollection.Name)]
public sealed class PackageContentsTests(PackageFeed feed)
{
    private static readonly string[] Bundled = [
        "FlatLearning.Onnx",
        "FlatLearning.Onnx.Evaluation",
        "FlatLearning.Fitting",
        "FlatLearning.Dyn", "FlatLearning.Numerics"];

    [FeedFact]
    public void EveryPackage_HasLicenceReadmeAndIcon_AndNamesNoFolderOfThisMachine()
    {
        string root = Repository.Root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        foreach (string package in (string[])["flat-onnx", "FlatLearning.Onnx", "FlatLearning.Onnx.CustomOps"])
        {
            using ZipArchive archive = feed.Open(package);
            Assert.All(
                (string[])["LICENSE", "THIRD-PARTY-NOTICES.txt", "README.md", "icon.png", $"{package}.nuspec"],
                name => Assert.NotNull(archive.GetEntry(name)));
            Assert.All(archive.Entries, entry => Assert.False(Names(entry, root), $"{entry.FullName} names {root}"));
        }
    }

    [FeedFact]
    public void Api_HasEveryAssemblyWithItsDocumentation()
    {
        using ZipArchive archive = feed.Open("FlatLearning.Onnx");
        Assert.All(
            (string[])[.. Bundled, "FlatLearning.Onnx.Api"],
            name => Assert.All(
                (string[])["dll", "xml"], end => Assert.NotNull(archive.GetEntry($"lib/net10.0/{name}.{end}"))));
    }

    // What a bundled project refers to, a program that refers to the package needs as well.
    [FeedFact]
    public void Api_DependsOnThePackagesOfWhatItBundles()
    {
        using ZipArchive archive = feed.Open("FlatLearning.Onnx");
        string[] expected =
        [
            .. Bundled
                .SelectMany(name => XDocument.Load(Path.Combine(Repository.Root, "src", name, $"{name}.csproj"))
                    .Descendants("PackageReference"))
                .Where(reference => (string?)reference.Attribute("PrivateAssets") != "all")
                .Select(reference => (string)reference.Attribute("Include")!)
                .Select(name => name == "$(FlatOnnxRuntimePackage)" ? "Microsoft.ML.OnnxRuntime.Managed" : name)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

        Assert.Equal(expected, Dependencies(archive, "FlatLearning.Onnx"));
    }

    [FeedFact]
    public void CustomOps_HasALibraryForEveryMachine_AndDependsOnTheManagedOnnxRuntimeAlone()
    {
        using ZipArchive archive = feed.Open("FlatLearning.Onnx.CustomOps");
        Assert.All(
            PackageFeed.Machines,
            machine => Assert.NotNull(archive.GetEntry($"runtimes/{machine}/native/libflat_custom_ops.so")));
        Assert.NotNull(archive.GetEntry("runtimes/linux-x64/native/libflat_custom_ops.avx512.so"));
        Assert.Equal(["Microsoft.ML.OnnxRuntime.Managed"], Dependencies(archive, "FlatLearning.Onnx.CustomOps"));
    }

    [FeedFact]
    public void Tool_HasBothLibrariesForEveryMachine_AndForNoOther()
    {
        using ZipArchive archive = feed.Open("flat-onnx");
        string[] machines =
        [
            .. archive.Entries.Select(entry => entry.FullName.Split('/'))
                .Where(parts => parts is ["tools", _, _, "runtimes", ..])
                .Select(parts => parts[4])
                .Distinct(),
        ];

        Assert.Equal(PackageFeed.Machines.Order(StringComparer.Ordinal), machines.Order(StringComparer.Ordinal));
        Assert.All(
            from machine in machines
            from file in (string[])["libflat_custom_ops.so", "libonnxruntime.so"]
            select $"tools/net10.0/any/runtimes/{machine}/native/{file}",
            path => Assert.NotNull(archive.GetEntry(path)));
    }

    private static string[] Dependencies(ZipArchive archive, string package)
    {
        using Stream stream = archive.GetEntry($"{package}.nuspec")!.Open();
        return
        [
            .. XDocument.Load(stream).Descendants()
                .Where(element => element.Name.LocalName == "dependency")
                .Select(element => (string)element.Attribute("id")!)
                .Order(StringComparer.Ordinal),
        ];
    }

    private static bool Names(ZipArchiveEntry entry, string text)
    {
        using Stream stream = entry.Open();
        using MemoryStream content = new();
        stream.CopyTo(content);
        ReadOnlySpan<byte> bytes = content.ToArray();
        return bytes.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 || bytes.IndexOf(Encoding.Unicode.GetBytes(text)) >= 0;
    }
}
