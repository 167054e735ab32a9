using System.Globalization;
namespace FlatLearning.Onnx.Evaluation;

/// <content>07xx: running and comparing models.</content>
internal static partial class Messages
{
    public static string RunnerCannotLoad(string model, string runtime, string reason) =>
        $"FLAT0701: '{model}' cannot be loaded by {runtime} ({reason}); check the model and, for a converted one, "
            + "the custom-operator library.";

    public static string RunnerCannotRun(string model, string inputs, string reason) =>
        $"FLAT0702: '{model}' failed on the inputs {inputs} ({reason}); check the inputs' shapes and values.";

    public static string RunnerLibraryMissing(string path) =>
        $"FLAT0703: the custom-operator library '{path}' does not exist; build it, name another one, or run without "
            + "it.";

    public static string RunnerNoRuntime(string reason) =>
        $"FLAT0704: ONNX Runtime cannot be used ({reason}); set FLAT_ONNXRUNTIME to its library.";

    public static string OutputsDiffer(string output, string original, string converted) =>
        $"FLAT0711: output '{output}' is {original} in the original and {converted} in the converted model; compare "
            + "models of the same network.";

    public static string OutputNotNumeric(string output, string type) =>
        $"FLAT0712: output '{output}' has elements of type {type}, which cannot be compared as numbers; compare "
            + "without it.";

    public static string OutputMissing(string model, string output) =>
        $"FLAT0713: '{model}' has no output '{output}', which the other model has; compare models of the same network.";

    public static string InputMissingInModel(string model, string input) =>
        $"FLAT0714: '{model}' has no input '{input}', which the other model has; compare models of the same network.";

    public static string NoSamples(string source) =>
        $"FLAT0715: {source} has no samples; give at least one.";

    public static string InputNotTensor(string input) =>
        $"FLAT0721: input '{input}' is not a tensor, and only tensors can be made up; such a model cannot be "
            + "compared yet.";

    public static string InputType(string input, string type) =>
        $"FLAT0722: values of type {type} cannot be made up for input '{input}'; give them in a file.";

    public static string ShapeSyntax(string text) =>
        $"FLAT0723: '{text}' is not a shape; write NAME=1,128 with sizes from 0 on, or NAME= for a scalar.";

    public static string ShapeUnknownInput(string input, string inputs) =>
        $"FLAT0724: the model has no input '{input}' to give a shape to; it has {inputs}.";

    public static string ShapeRank(string input, int expected, int found, string declared) =>
        $"FLAT0725: input '{input}' has {Number(expected)} dimensions ({declared}), and the shape given for it has "
            + $"{Number(found)}.";

    public static string ShapeFixed(string input, int dimension, long expected, long found, string declared) =>
        $"FLAT0726: dimension {Number(dimension)} of input '{input}' is fixed at {Number(expected)} ({declared}), "
            + $"and the shape given for it has {Number(found)}.";

    public static string NoShapeRuns(string model, string sizes, string reason) =>
        $"FLAT0727: '{model}' runs with none of the sizes {sizes} in its open dimensions ({reason}); name a shape "
            + "for each input.";

    public static string InputsMissing(string path) =>
        $"FLAT0731: '{path}' does not exist; give an .npy or .npz file, or a folder of test data.";

    public static string InputsUnknownKind(string path) =>
        $"FLAT0732: '{path}' is no kind of input known here; give an .npy or .npz file, or a folder of them or of "
            + "ONNX test data.";

    public static string InputsNoArray(string source, string input, string arrays) =>
        $"FLAT0733: {source} has no array for input '{input}'; it has {arrays}, and arrays are matched by name.";

    public static string InputsAmbiguous(string source, string inputs) =>
        $"FLAT0734: {source} is one array, and the model has the inputs {inputs}; give an .npz file with an array "
            + "for each.";

    public static string InputsType(string source, string input, string expected, string found) =>
        $"FLAT0735: input '{input}' expects {expected}, and its array in {source} holds {found}, which cannot be "
            + $"converted without loss; store it as {expected}.";

    public static string InputsShape(string source, string input, string declared, string found) =>
        $"FLAT0736: input '{input}' is declared as {declared}, and its array in {source} has the shape {found}; "
            + "store samples along the first dimension.";

    public static string InputsRows(string source, string input, long rows, string other, long otherRows) =>
        $"FLAT0737: the arrays '{other}' and '{input}' in {source} hold {Number(otherRows)} and {Number(rows)} "
            + "samples; store as many of each.";

    public static string InputsBatch(string source, string input, long rows, long batch) =>
        $"FLAT0738: the array for input '{input}' in {source} has {Number(rows)} rows, and the model takes "
            + $"{Number(batch)} at a time; store a multiple of them.";

    public static string InputsEmptyFolder(string path) =>
        $"FLAT0739: the folder '{path}' has neither .npy or .npz files nor input_*.pb files of ONNX test data, in "
            + "itself or in its test_data_set folders.";

    public static string TestDataCount(string path, int expected, int found) =>
        $"FLAT0740: the test data in '{path}' has {Number(found)} inputs, and the model takes {Number(expected)}; "
            + "add the missing input_N.pb files.";


    public static string LabelsShape(string source, string shape, string output, string outputShape) =>
        $"FLAT0742: the labels in {source} have the shape {shape}, which fits neither the rows nor the elements of "
            + $"an output such as '{output}' {outputShape}; store one label per row of scores, or one target per "
            + "element.";

    public static string LabelRange(string source, double label, int classes) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"FLAT0743: the labels in {source} hold {label}, and there are {classes} classes, from 0 to "
                + $"{classes - 1}; store class numbers (negative ones are left out).");

    public static string ConditionSyntax(string text, string measures) =>
        $"FLAT0751: '{text}' is not a condition; write MEASURE OPERATOR NUMBER such as snr<30, with one of "
            + $"{measures}, an operator <, <=, > or >=, and several joined by || or commas.";

    public static string ConditionHolds(string condition, string where, string value) =>
        $"FLAT0752: {where} has {value}, so that the condition '{condition}' to fail on holds.";

    public static string ConditionUnavailable(string condition, string reason) =>
        $"FLAT0753: the condition '{condition}' cannot be checked, because {reason}; it counts as failed.";

    public static string NoReadableOutput() =>
        "FLAT0764: no output of the models is a tensor, a sequence or a map that can be compared here; name "
            + "another value as an output.";

    public static string NonFiniteIntroduced(string output, long count, long elements) =>
        $"FLAT0761: output '{output}' of the converted model has {Number(count)} of {Number(elements)} elements "
            + "that are NaN or infinite where the original's are finite.";

    public static string NonFiniteVanished(string output, long count, long elements) =>
        $"FLAT0762: output '{output}' differs at {Number(count)} of {Number(elements)} elements that are NaN or "
            + "infinite in the original.";

    public static string AllZero(string output) =>
        $"FLAT0763: output '{output}' of the converted model is zero throughout, and the original's is not.";
}
