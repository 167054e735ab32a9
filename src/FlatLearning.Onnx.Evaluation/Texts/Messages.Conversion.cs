namespace FlatLearning.Onnx.Evaluation;

/// <content>05xx: what conversions ask of runs.</content>
internal static partial class Messages
{
    public static string NothingToVerifyWith() =>
        "FLAT0509: the converted model has no model-local functions and the custom-operator library was not found, "
            + "so there is no way to run it; build the library or convert without --no-portable.";

    public static string NoFloatOutput(string path) =>
        $"FLAT0510: '{path}' has no floating-point output, so a signal-to-noise ratio cannot be measured; give "
            + "--target-size, --target-error or --bits instead.";

    public static string MomentShape(string path, string weight, string found, int rows) =>
        $"FLAT0511: the array '{weight}' of '{path}' has the shape [{found}], expected the second moment "
            + $"[{rows},{rows}] of that weight's inputs or its diagonal [{rows}].";

    public static string MomentValues(string path, string weight, string reason) =>
        $"FLAT0512: the array '{weight}' of '{path}' is no second moment: {reason.TrimEnd('.')}; compute E[x xT] of "
            + "the inputs that multiply the weight.";

    public static string VectorShape(string path, string array, string found, int rows) =>
        $"FLAT0513: the array '{array}' of '{path}' has the shape [{found}], expected vectors that multiply the "
            + $"weight, [any,{rows}].";
}
