using FlatLearning.Onnx.Evaluation.Benchmarking;

namespace FlatLearning.Onnx.Evaluation;

/// <content>08xx: measuring models.</content>
internal static partial class Messages
{
    public static string WorkerNotStarted(string file, string reason) =>
        $"FLAT0801: the process that is to measure a model could not be started from '{file}' "
            + $"({reason.TrimEnd('.')}); check the installation.";

    public static string WorkerDied(string subject, string doing, int status) =>
        $"FLAT0802: the process for {subject} {WorkerEnd.Of(status)} while {doing}{WorkerEnd.Hint(status)}.";

    public static string BenchmarkInputsDiffer(
        string input, string model, string found, string first, string expected) =>
        $"FLAT0803: input '{input}' of '{model}' is {found}, and that of '{first}' is {expected}; measure models "
            + "that take the same inputs.";

    public static string BatchFixed(int wanted, string inputs, int found) =>
        $"FLAT0804: --batch {Number(wanted)} cannot be had, since the inputs ({inputs}) fix it at {Number(found)}; "
            + "leave the option out, or measure models with an open batch dimension.";

    public static string BatchNotInFile(int wanted, string source, int found) =>
        $"FLAT0805: --batch {Number(wanted)} cannot be had from {source}, which gives {Number(found)} rows to a "
            + "run; give more samples, or leave the option out.";
}
