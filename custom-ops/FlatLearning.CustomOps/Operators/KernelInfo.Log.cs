using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <content>Messages to the host's log.</content>
public readonly unsafe ref partial struct KernelInfo
{
    /// <summary>Writes a message that only sessions with a verbose log show.</summary>
    /// <param name="message">One sentence.</param>
    public void LogVerbose(string message)
    {
        OrtLoggerHandle* logger;
        _api.Check(_api.KernelInfoGetLogger(_handle, &logger));
        using Utf8 text = new(message);
        using NativePath file = new(nameof(KernelInfo));
        using Utf8 function = new("CreateKernel");
        _api.Check(
            _api.LoggerLogMessage(logger, OrtLogSeverity.Verbose, text.Pointer, file.Pointer, 0, function.Pointer));
    }
}
