using System.Diagnostics;

namespace FlatLearning.Onnx.Cli.Tests.Support;

/// <summary>
/// A test of permissions. They do not stop root, who can give up that right; where that fails too the test is skipped,
/// with the reason.
/// </summary>
internal sealed class PermissionFactAttribute : FactAttribute
{
    private const string GiveUpRights = "setpriv --bounding-set=-dac_override,-dac_read_search";

    public PermissionFactAttribute()
    {
        if (Environment.IsPrivilegedProcess && !CanGiveUpRights())
        {
            Skip = "runs as root, whom permissions do not stop, and setpriv cannot change that";
        }
    }

    /// <summary>What to put before a command so that permissions hold for it.</summary>
    public static string Prefix => Environment.IsPrivilegedProcess ? GiveUpRights : string.Empty;

    private static bool CanGiveUpRights()
    {
        using Process probe = Process.Start(
            new ProcessStartInfo("bash", ["-c", $"{GiveUpRights} true"]) { RedirectStandardError = true })!;
        probe.WaitForExit();
        return probe.ExitCode == 0;
    }
}
