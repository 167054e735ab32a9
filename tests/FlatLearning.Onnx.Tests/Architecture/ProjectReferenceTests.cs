using System.Reflection;
using System.Text.Json;
using System.Xml.Linq;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Tests.Architecture;

/// <summary>
/// Holds the project references to the arrows of docs/architecture.md: no others, and none without a line here.
/// </summary>
public sealed class ProjectReferenceTests
{
    /// <summary>Every project under src and custom-ops with exactly the projects that it refers to.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["FlatLearning.Numerics"] = [],
        ["FlatLearning.Dyn"] = ["FlatLearning.Numerics"],
        ["FlatLearning.Fitting"] = ["FlatLearning.Dyn"],
        ["FlatLearning.Onnx"] = ["FlatLearning.Fitting"],
        ["FlatLearning.Onnx.Evaluation"] = ["FlatLearning.Onnx"],
        ["FlatLearning.Onnx.Api"] = ["FlatLearning.Onnx.Evaluation"],
        ["FlatLearning.Onnx.Cli"] = ["FlatLearning.Onnx.Evaluation", "FlatLearning.Onnx.CustomOps"],
        ["FlatLearning.Onnx.CustomOps"] = [],
        ["FlatLearning.Kernels"] = ["FlatLearning.Dyn"],
        ["FlatLearning.Kernels.Cuda"] = [],
        ["FlatLearning.Cuda"] = ["FlatLearning.Kernels", "FlatLearning.Kernels.Cuda"],
        ["FlatLearning.CustomOps"] = ["FlatLearning.Kernels", "FlatLearning.Cuda"],
    };

    [Fact]
    public void EveryProject_ProjectReferences_AreExactlyTheDrawnArrows()
    {
        Dictionary<string, string> projects = FindProjects();
        foreach ((string name, string file) in projects)
        {
            Assert.True(
                Arrows.ContainsKey(name),
                $"{name} is not a project of the architecture: draw its arrows in docs/architecture.md and here.");
            string[] references = [
                .. References(file)
                    .Select(path => Path.GetFileNameWithoutExtension(path))
                    .Order(StringComparer.Ordinal)];
            string expected = string.Join(", ", Arrows[name].Order(StringComparer.Ordinal));
            Assert.True(
                expected == string.Join(", ", references),
                $"{name} refers to [{string.Join(", ", references)}], expected [{expected}].");
        }
    }

    [Fact]
    public void EveryProject_ProjectReferences_LeadToFilesOfTheRepository()
    {
        foreach (string file in FindProjects().Values)
        {
            Assert.All(
                References(file),
                path => Assert.True(File.Exists(path), $"{file} refers to {path}, which does not exist."));
        }
    }

    [Fact]
    public void Source_HasTheProjectsOfTheArchitecture()
    {
        Dictionary<string, string> projects = FindProjects();
        Assert.All(Arrows.Keys, name => Assert.True(projects.ContainsKey(name), $"{name} is missing."));
    }

    [Fact]
    public void Numerics_And_Dyn_HavePackagesOfTheirOwnOnlyAtBuildTime()
    {
        foreach (string name in (string[])["FlatLearning.Numerics", "FlatLearning.Dyn"])
        {
            // Both go into the native library: whatever they pull in, every host process gets.
            IEnumerable<XElement> packages = XDocument.Load(FindProjects()[name]).Descendants("PackageReference");
            Assert.All(packages, package => Assert.Equal("all", (string?)package.Attribute("PrivateAssets")));
        }
    }

    /// <summary>Packages with all that they bring, as the projects' lock files list them.</summary>
    [Theory]
    [InlineData("FlatLearning.Onnx")]
    [InlineData("FlatLearning.Kernels")]
    [InlineData("FlatLearning.Cuda")]
    [InlineData("FlatLearning.CustomOps")]
    public void PackagesOfAProject_DoNotContainOnnxRuntime(string project)
    {
        string file = Path.Combine(Path.GetDirectoryName(FindProjects()[project])!, "packages.lock.json");
        using JsonDocument locked = JsonDocument.Parse(File.ReadAllText(file));
        IEnumerable<string> names = locked.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Select(package => package.Name);
        Assert.DoesNotContain(names, IsOnnxRuntime);
    }

    /// <summary>The compiler of kernels for GPUs runs in the build, and goes nowhere from there.</summary>
    [Theory]
    [InlineData("FlatLearning.Cuda")]
    [InlineData("FlatLearning.CustomOps")]
    public void PackagesOfAProject_DoNotContainTheKernelCompiler(string project)
    {
        string file = Path.Combine(Path.GetDirectoryName(FindProjects()[project])!, "packages.lock.json");
        Assert.DoesNotContain("ILGPU", File.ReadAllText(file), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void AssembliesOfTheConverter_DoNotContainOnnxRuntime()
    {
        HashSet<string> seen = [];
        Queue<AssemblyName> left = new([typeof(ModelConverter).Assembly.GetName()]);
        while (left.TryDequeue(out AssemblyName? name))
        {
            if (seen.Add(name.Name!))
            {
                Assert.False(IsOnnxRuntime(name.Name!), $"{string.Join(", ", seen)}");
                Array.ForEach(Assembly.Load(name).GetReferencedAssemblies(), left.Enqueue);
            }
        }

        Assert.Contains("FlatLearning.Numerics", seen);
    }

    private static bool IsOnnxRuntime(string name) =>
        name.Contains("OnnxRuntime", StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, string> FindProjects()
    {
        Dictionary<string, string> projects = new(StringComparer.Ordinal);
        foreach (string folder in (string[])["src", "custom-ops"])
        {
            string root = Path.Combine(Repository.Root, folder);
            if (Directory.Exists(root))
            {
                foreach (string file in Directory.EnumerateFiles(root, "*.csproj", SearchOption.AllDirectories))
                {
                    projects.Add(Path.GetFileNameWithoutExtension(file), file);
                }
            }
        }

        return projects;
    }

    private static List<string> References(string project) =>
    [
        .. from reference in XDocument.Load(project).Descendants("ProjectReference")
           let include = (string?)reference.Attribute("Include")
           where include is not null
           select Path.GetFullPath(
               Path.Combine(Path.GetDirectoryName(project)!, include.Replace('\\', Path.DirectorySeparatorChar))),
    ];
}
