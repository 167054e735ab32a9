using System.Text;
using FlatLearning.Packages.Tests.Support;

namespace FlatLearning.Packages.Tests.Packages;

/// <summary>The package sources that this machine is configured for.</summary>
internal static class PackageSources
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Why no package can be had here; null where one source answers or is a folder.</summary>
    public static string? Missing { get; } = Reachable() ? null : "needs a package source, and none can be reached";

    private static bool Reachable()
    {
        (_, byte[] output, _) = new Command(Command.DotNet, "nuget", "list", "source", "--format", "short").Run();
        return Encoding.UTF8.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.StartsWith("E ", StringComparison.Ordinal))
            .Any(line => Answers(line[2..].Trim()));
    }

    private static bool Answers(string source)
    {
        if (!Uri.TryCreate(source, UriKind.Absolute, out Uri? address) || address.IsFile)
        {
            return Directory.Exists(source);
        }

        try
        {
            using HttpClient client = new() { Timeout = Patience };
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            using HttpResponseMessage response = client.Send(request, HttpCompletionOption.ResponseHeadersRead);
            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
