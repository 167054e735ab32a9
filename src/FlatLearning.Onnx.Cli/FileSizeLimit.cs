using System.Runtime.InteropServices;

namespace FlatLearning.Onnx.Cli;

/// <summary>
/// A process that writes beyond its limit on file sizes is killed by a signal, and the temporary file would stay. With
/// the signal handled the write fails like one on a full disk, and is cleaned up after.
/// </summary>
internal static class FileSizeLimit
{
    // SIGXFSZ, the same number on Linux and macOS.
    private const PosixSignal Exceeded = (PosixSignal)25;

    /// <summary>Turns the signal into an error of the write; null where there is no such signal.</summary>
    public static IDisposable? AsError() =>
        OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(Exceeded, context => context.Cancel = true);
}
