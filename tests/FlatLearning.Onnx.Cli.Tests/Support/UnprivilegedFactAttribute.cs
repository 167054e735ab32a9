namespace FlatLearning.Onnx.Cli.Tests.Support;

/// <summary>A test of permissions, which do not hold for the system's administrator; skipped, with the reason, for that user.</summary>
internal sealed class UnprivilegedFactAttribute : FactAttribute
{
    public UnprivilegedFactAttribute()
    {
        if (Environment.IsPrivilegedProcess)
        {
            Skip = "runs as root, whom permissions do not stop";
        }
    }
}
