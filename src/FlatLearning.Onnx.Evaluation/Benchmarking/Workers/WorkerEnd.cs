using System.Globalization;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>How a process that ended early is spoken of.</summary>
public static class WorkerEnd
{
    // A shell's and .NET's way to tell the signal that ended a process.
    private const int FirstSignal = 128;
    private const int Kill = 9;
    private const int Interrupt = 2;
    private const int Terminate = 15;

    /// <summary>
    /// Whether a status tells a crash: a signal other than those by which people and shells end programs, or on Windows
    /// the code of an exception.
    /// </summary>
    public static bool IsCrash(int status) =>
        status < 0 || (status > FirstSignal && status - FirstSignal is not (Interrupt or Terminate));

    /// <summary>The end of a process as a predicate: "was ended by signal 11".</summary>
    public static string Of(int status) => status > FirstSignal
        ? string.Create(CultureInfo.InvariantCulture, $"was ended by signal {status - FirstSignal}")
        : string.Create(CultureInfo.InvariantCulture, $"ended with status {status}");

    /// <summary>What to think of it, as the end of a sentence; empty where nobody knows.</summary>
    public static string Hint(int status) => status switch
    {
        FirstSignal + Kill => "; when memory runs out, the system does that",
        _ when IsCrash(status) =>
            "; ONNX Runtime itself crashed on the model, so check that it runs the original, and which version it is",
        _ => "; check that ONNX Runtime can run the model, with 'flat-onnx compare'",
    };
}
