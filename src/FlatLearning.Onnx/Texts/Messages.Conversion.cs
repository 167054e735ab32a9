namespace FlatLearning.Onnx;

/// <summary>Sentences of conversion, inspection and restoring: 05xx.</summary>
internal static partial class Messages
{
    public static string Requantized(int count) => count == 0
        ? "--requantize found no weight that is quantised already and known to be computed with"
        : $"{count} nodes computed with weights that are quantised already; these were converted from the values that "
            + "their codes stand for, against which errors are measured, and restore gives dense weights";

    public static string AlreadyConverted() =>
        "FLAT0501: the model is converted already (it has ai.flatlearning operators); convert the original, or run "
            + "'flat-onnx restore' first.";

    public static string OpsetTooOld(long found, long oldest) =>
        $"FLAT0502: the model imports operator set {found} of the standard domain, expected {oldest} or newer; "
            + "update it with the ONNX version converter first.";

    public static string NotSmaller(string path, long before, long after) =>
        $"FLAT0505: converting '{path}' would take {Number(after)} bytes instead of {Number(before)}, so nothing "
            + "was written; its weights are too small to pay for the operator's definition (--no-portable leaves "
            + "that out).";

    public static string NotConverted(string path) =>
        $"FLAT0506: '{path}' has no ai.flatlearning operators: it is not a converted model; give one that "
            + "'flat-onnx convert' wrote.";

    public static string BadNode(string node, string reason) =>
        $"FLAT0507: {node} is not a valid DynMatMul: {reason}; convert the original model again.";

    public static string SameFile(string path) =>
        $"FLAT0508: '{path}' is the input as well as the output; choose another output.";

    public static string TooLargeForTrials() =>
        "the model is large, so that all weights have the same codes; give a target, such as --bits 4, for a plan";

    public static string OutputsUnknown(string reason) =>
        $"outputs decided nothing, because the model cannot be run: {reason.TrimEnd('.')}";

    public static string NeedsRuns() =>
        "FLAT0514: these options need runs of the model, and nothing was given that makes them; set "
            + "ConvertOptions.Runs to the OnnxRuntimeRuns of FlatLearning.Onnx.Evaluation.";
}
