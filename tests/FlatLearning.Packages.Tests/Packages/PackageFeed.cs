using System.IO.Compression;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Packages.Tests.Arm64;
using FlatLearning.Packages.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Packages.Tests.Packages;

/// <summary>A folder with the packages of this commit, made as docs/packages.md says.</summary>
public sealed class PackageFeed : IDisposable
{
    /// <summary>A version that no other source has.</summary>
    public const string Version = "0.1.0-local";

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _path;

    public PackageFeed()
    {
        _path = new Lazy<string>(Pack);
    }

    /// <summary>The kinds of machine that the packages have libraries for.</summary>
    internal static string[] Machines { get; } =
        CrossTools.Missing is null ? ["linux-x64", "linux-arm64"] : ["linux-x64"];

    /// <summary>The folder.</summary>
    internal string Path => _path.Value;

    /// <summary>A package, opened for reading.</summary>
    internal ZipArchive Open(string package) =>
        ZipFile.OpenRead(System.IO.Path.Combine(Path, $"{package}.{Version}.nupkg"));

    public void Dispose() => _folder.Dispose();

    private string Pack()
    {
        string[] others = Machines.Length > 1 ? ["-p:FlatRids=linux-arm64"] : [];
        new Command(
            Command.DotNet,
            [
                "pack", System.IO.Path.Combine(Repository.Root, "FlatLearning.Onnx.sln"), "-o", _folder.Path,
                "--nologo",
                "--disable-build-servers", $"-p:PackageVersion={Version}", .. others,
            ]).Text();
        return _folder.Path;
    }
}
