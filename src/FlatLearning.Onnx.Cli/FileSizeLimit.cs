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

    // Kept as long as the process lives: the runtime looks for handlers some time after the signal.
    private static PosixSignalRegistration? _handler;

    /// <summary>Turns the signal into an error of the write, until the process ends.</summary>
    public static void BecomesError()
    {
        if (!OperatingSystem.IsWindows())
        {
            _handler ??= PosixSignalRegistration.Create(Exceeded, context => context.Cancel = true);
        }
    }
}
