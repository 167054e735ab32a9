using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Packages.Tests.Support;

namespace FlatLearning.Packages.Tests.Packages;

/// <summary>An empty folder of a user with an empty package cache, who has the feed beside the usual sources.</summary>
internal sealed class Workplace : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Workplace(PackageFeed feed)
    {
        File.WriteAllText(
            _folder["nuget.config"],
            $"""
            <configuration>
              <packageSources>
                <add key="feed" value="{feed.Path}" />
              </packageSources>
            </configuration>
            """);
    }

    /// <summary>Full path of a file in the folder.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Runs a program in the folder and returns what it printed.</summary>
    public string Run(string program, params string[] arguments) => new Command(program, arguments)
    {
        Folder = _folder.Path,
        Environment = new Dictionary<string, string?>
        {
            ["NUGET_PACKAGES"] = _folder["cache"],
            ["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = _folder["extracted"],
        },
    }.Text();

    public void Dispose() => _folder.Dispose();
}
