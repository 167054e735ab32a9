using System.Text.RegularExpressions;
using FlatLearning.Packages.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Packages.Tests.Packages;

/// <summary>A program of a user that refers to the packages: the example of the documentation.</summary>
[Trait("Set", "Long")]
[Collection(BuildsCollection.Name)]
public sealed class HostPackageTests(PackageFeed feed)
{
    private const string Project =
        $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <InvariantGlobalization>true</InvariantGlobalization>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="FlatLearning.Onnx" Version="{PackageFeed.Version}" />
            <PackageReference Include="FlatLearning.Onnx.CustomOps" Version="{PackageFeed.Version}" />
            <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="1.31.1" />
          </ItemGroup>
        </Project>
        """;

    // The library lies under runtimes after a build, beside the program after a publication for one kind of machine,
    // and in a folder that .NET chooses where everything is in one file.
    [PackageFact]
    public void Host_BuiltAndPublished_ConvertsComparesRestoresAndRuns()
    {
        using Workplace place = new(feed);
        File.WriteAllText(place["Host.csproj"], Project);
        File.Copy(Path.Combine(Repository.Root, "examples", "Quickstart", "Program.cs"), place["Program.cs"]);
        place.Run(Command.DotNet, "build", "-o", "built", "--nologo", "--disable-build-servers");
        Publish(place, "published");
        Publish(
            place, "single", "-p:PublishSingleFile=true", "-p:IncludeNativeLibrariesForSelfExtract=true",
            "-p:DebugType=none");

        foreach (string folder in (string[])["built", "published", "single"])
        {
            RunIn(place, folder);
        }

        Assert.False(File.Exists(place[Path.Combine("single", "libflat_custom_ops.so")]), "one file holds everything");
    }

    private static void Publish(Workplace place, string folder, params string[] options) => place.Run(
        Command.DotNet,
        [
            "publish", "-o", folder, "-r", "linux-x64", "--self-contained", "false", "--nologo",
            "--disable-build-servers", .. options,
        ]);

    private static void RunIn(Workplace place, string folder)
    {
        foreach (string old in (string[])["model.flat.onnx", "model.restored.onnx"])
        {
            File.Delete(place[old]);
        }

        File.Copy(Tool.SampleModel("lenet5/lenet5.onnx"), place["model.onnx"], overwrite: true);
        Match line = Regex.Match(
            place.Run(place[Path.Combine(folder, "Host")]),
            "(?<before>[0-9]+) -> (?<after>[0-9]+) bytes, (?<db>[0-9.]+) dB");

        Assert.True(line.Success, "the program prints its last line");
        Assert.Equal(new FileInfo(place["model.onnx"]).Length, long.Parse(line.Groups["before"].Value));
        Assert.Equal(new FileInfo(place["model.flat.onnx"]).Length, long.Parse(line.Groups["after"].Value));
        Assert.InRange(double.Parse(line.Groups["db"].Value), 20, 60);
        Assert.True(File.Exists(place["model.restored.onnx"]), "the program restores the model");
    }
}
