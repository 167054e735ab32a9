namespace FlatLearning.Onnx;

/// <summary>Sentences of conversion, inspection and restoring: 05xx.</summary>
internal static partial class Messages
{
    public static string AlreadyConverted() =>
        "FLAT0501: the model is converted already (it has ai.flatlearning operators); convert the original, or run "
            + "'flat-onnx restore' first.";

    public static string OpsetTooOld(long found, long oldest) =>
        $"FLAT0502: the model imports operator set {found} of the standard domain, expected {oldest} or newer; "
            + $"update it with the ONNX version converter first.";

    public static string WeightNotFinite(string initializer, string reason) =>
        $"FLAT0503: initializer '{initializer}' cannot be converted: {reason}; repair the model, or leave the "
            + $"weight out with --exclude.";

    public static string NotSmaller(string path, long before, long after) =>
        $"FLAT0505: converting '{path}' would take {Number(after)} bytes instead of {Number(before)}, so nothing "
            + $"was written; its weights are too small to pay for the operator's definition (--no-portable leaves "
            + $"that out).";

    public static string NotConverted(string path) =>
        $"FLAT0506: '{path}' has no ai.flatlearning operators: it is not a converted model; give one that "
            + $"'flat-onnx convert' wrote.";

    public static string BadNode(string node, string reason) =>
        $"FLAT0507: {node} is not a valid DynMatMul: {reason}; convert the original model again.";

    public static string SameFile(string path) =>
        $"FLAT0508: '{path}' is the input as well as the output; choose another output.";

    public static string NothingToVerifyWith() =>
        "FLAT0509: the converted model has no model-local functions and the custom-operator library was not found, "
            + "so there is no way to run it; build the library or convert without --no-portable.";

    public static string NoFloatOutput(string path) =>
        $"FLAT0510: '{path}' has no floating-point output, so a signal-to-noise ratio cannot be measured; give "
            + $"--target-size, --target-error or --bits instead.";

    public static string MomentShape(string path, string weight, string found, int rows) =>
        $"FLAT0511: the array '{weight}' of '{path}' has the shape [{found}], expected the second moment "
            + $"[{rows},{rows}] of that weight's inputs or its diagonal [{rows}].";

    public static string MomentValues(string path, string weight, string reason) =>
        $"FLAT0512: the array '{weight}' of '{path}' is no second moment: {reason.TrimEnd('.')}; compute E[x xT] of "
            + $"the inputs that multiply the weight.";

    public static string VectorShape(string path, string array, string found, int rows) =>
        $"FLAT0513: the array '{array}' of '{path}' has the shape [{found}], expected vectors that multiply the "
            + $"weight, [any,{rows}].";
}
