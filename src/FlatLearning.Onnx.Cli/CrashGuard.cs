using System.Diagnostics;
using System.Runtime.InteropServices;
using FlatLearning.Onnx.Cli.Output;
using FlatLearning.Onnx.Evaluation.Benchmarking;

namespace FlatLearning.Onnx.Cli;

/// <summary>
/// Runs verbs that run models in a process of their own, with this one's streams: a model on which ONNX Runtime itself
/// crashes then ends with a sentence and an exit status, and not with a signal.
/// </summary>
internal static partial class CrashGuard
{
    private const string Variable = "FLAT_ONNX_GUARDED";
    private const int SetParentDeathSignal = 1;
    private const int SigTerm = 15;
    private const int SigInt = 2;
    private static readonly string[] Verbs = ["convert", "compare"];

    /// <summary>Runs the command line in a child process where it should be.</summary>
    /// <returns>The exit status; null where the caller has to run the command itself.</returns>
    public static int? Run(string[] arguments)
    {
        if (arguments.Length == 0 || !Verbs.Contains(arguments[0]))
        {
            return null;
        }

        if (Environment.GetEnvironmentVariable(Variable) is not null)
        {
            EndWithParent();
            return null;
        }

        WorkerStart self = WorkerStart.Of(typeof(CrashGuard).Assembly, arguments);
        ProcessStartInfo start = new(self.File, self.Arguments) { Environment = { [Variable] = "1" } };
        Process? child = null;
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(
            PosixSignal.SIGINT, context => Forward(context, SigInt));
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(
            PosixSignal.SIGTERM, context => Forward(context, SigTerm));
        try
        {
            child = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Without a second process then.
        }

        if (child is null)
        {
            return null;
        }

        using (child)
        {
            child.WaitForExit();
            if (!WorkerEnd.IsCrash(child.ExitCode))
            {
                return child.ExitCode;
            }

            string sentence = CliTexts.Crashed(
                $"flat-onnx {arguments[0]}", WorkerEnd.Of(child.ExitCode), WorkerEnd.Hint(child.ExitCode));
            Console.Error.WriteLine($"flat-onnx: {SentenceText.OneLine(sentence)}");
            return ExitCode.BadInput;
        }

        // A terminal interrupts both processes, and a second interruption changes nothing; another program only this.
        void Forward(PosixSignalContext context, int signal)
        {
            context.Cancel = true;
            if (child is { HasExited: false } && !OperatingSystem.IsWindows())
            {
                _ = Kill(child.Id, signal);
            }
        }
    }

    private static void EndWithParent()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = ProcessControl(SetParentDeathSignal, SigTerm, 0, 0, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nuint first, nuint second, nuint third, nuint fourth);
}
