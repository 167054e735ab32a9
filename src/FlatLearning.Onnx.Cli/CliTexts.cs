using FlatLearning.Onnx.Cli.Output;
using FlatLearning.Onnx.Planning;

namespace FlatLearning.Onnx.Cli;

/// <summary>Sentences of the command line: 09xx.</summary>
internal static class CliTexts
{
    public const string OutOfMemory = "FLAT0900: there is not enough memory for this model on this machine.";

    public static string NothingConverted(string path, bool anyListed) =>
        $"FLAT0901: no weight of '{path}' was converted, so nothing was written; "
            + (anyListed
                ? "the summary lists every weight with its reason."
                : "it has no floating-point constant of --min-size elements or more.");

    public static string OpTypes(string found, IEnumerable<string> supported) =>
        $"FLAT0902: --op-types names '{found}', expected one or more of {string.Join(", ", supported)}.";

    public static string Bits(int found) =>
        $"FLAT0903: --code-bits is {found}, expected 2, 3, 4, 5, 6 or 8.";

    public static string Taps(int bits, int found) =>
        $"FLAT0904: --taps is {found}, expected 1 to 5 and bits times taps of 16 or less (here {(long)bits * found}).";

    public static string Pattern(string option, string found, string reason) =>
        $"FLAT0905: {option} '{found}' is not a regular expression ({reason.TrimEnd('.')}).";

    public static string LibraryMissing(string file, string machine) =>
        $"FLAT0906: the custom-operator library {file} for {machine} is not beside the tool; build the tool on such a "
            + "machine, or run the model without the library.";

    public static string TargetExists(string path, string option) =>
        $"FLAT0907: '{path}' exists already; choose another output with {option}, or give --overwrite.";

    public static string VerifyOfDryRun() =>
        "FLAT0908: --verify needs the file that --dry-run does not write; give one of the two.";

    public static string PortableAndLibrary() =>
        "FLAT0909: --portable runs without the library that --custom-ops names; give one of the two.";

    public static string CustomOpsMissing(string path) =>
        $"FLAT0910: --custom-ops '{path}' does not exist; 'flat-onnx library-path' prints where the library is.";

    public static string OwnLibraryGiven(string path) =>
        $"FLAT0967: --custom-ops '{path}' names our own library; 'convert' uses the one of this installation, and the "
            + "option is for those of others.";

    public static string NoVerb(IEnumerable<string> verbs) =>
        $"FLAT0911: no verb was given, expected one of {string.Join(", ", verbs)}";

    public static string UnknownVerb(string found, IEnumerable<string> verbs) =>
        $"FLAT0912: '{found}' is no verb of flat-onnx, expected one of {string.Join(", ", verbs)}";

    public static string NoEffect(string option, string because) =>
        $"FLAT0945: {option} has no effect here, since {because}; leave it out.";

    public static string UnknownOption(string found) =>
        $"FLAT0913: there is no option '{found}' (a file of that name is given as ./{found})";

    public static string TooManyArguments(string found) =>
        $"FLAT0914: '{found}' is one argument too many";

    public static string Unparsed(string reason) =>
        $"FLAT0915: {reason}";

    public static string WithUsage(string sentence, string command) =>
        $"{sentence.TrimEnd('.')}; '{command} --help' shows the usage.";

    public static string NotANumber(string option, string found, long minimum) =>
        $"FLAT0916: {option} is '{found}', expected a whole number from {minimum} on";

    public static string TargetFolderMissing(string path, string option) =>
        $"FLAT0917: the folder of '{path}' does not exist; create it, or choose another output with {option}.";

    public static string TargetIsFolder(string path, string option) =>
        $"FLAT0918: the output '{path}' is a folder; name the file to write with {option}.";

    public static string TargetIsSpecial(string path, string option) =>
        $"FLAT0919: the output '{path}' is no ordinary file and would be replaced by one; name a file to write with "
            + $"{option}, or give --dry-run to write nothing.";

    public static string EmptyPath(string argument) =>
        $"FLAT0920: {argument} is an empty path, expected the name of a file";

    public static string InputsWithoutVerify() =>
        "FLAT0921: --inputs are the samples that --verify runs; give --verify too.";

    public static string ShapesWithInputs() =>
        "FLAT0922: --shape is for inputs that are made up, and --inputs names given ones; give one of the two.";

    public static string PatternTooSlow() =>
        "FLAT0923: the expression of --include or --exclude takes more than a second on one name; simplify it.";

    public static string NotASize(string found) =>
        $"FLAT0924: --target-size is '{found}', expected a share below 100% such as 25%, or bytes such as 12MB, "
            + "800kB or 12000000";

    public static string SeveralTargets(IEnumerable<string> found) =>
        $"FLAT0925: {string.Join(" and ", found)} are different targets; give one of --bits, --quality, "
            + $"--target-size, --target-error, --target-snr and --target-kl.";

    public static string EffortWithoutTarget() =>
        "FLAT0926: --effort is for the planner; give a target too: --bits, --quality, --target-size, "
            + "--target-error, --target-snr or --target-kl.";

    public static string TargetAndCodeBits() =>
        "FLAT0927: --code-bits gives every weight the same codes, and a target lets the planner choose; give one of "
            + "the two.";

    public static string TargetAndMethod(string found) =>
        $"FLAT0928: --method is '{found}', and a target works with auto and codes only; leave one of the two out.";

    public static string TargetOfBlocks() =>
        "FLAT0940: --format onnxruntime takes a target in bits (--bits) or bytes (--target-size).";

    public static string FastAndTarget() =>
        "FLAT0946: --fast gives every weight the same codes without looking at the model, and a target lets outputs "
            + "decide; give one of the two.";

    public static string Hessian(string found) =>
        $"FLAT0930: --hessian is '{found}', expected none, auto, synthetic, or the name of a .npz file.";

    public static string HessianMissing(string found) =>
        $"FLAT0931: --hessian '{found}' does not exist; name a .npz of samples or second moments, or give none, "
            + "auto or synthetic.";

    public static string TargetIsStdout(string option) =>
        $"FLAT0932: {option} is '-', and nothing is written to the standard output but the answer; name a file (one of "
            + "that very name is ./-).";

    public static string LeftBeside(string path, string data) =>
        $"'{data}' was there before and is no part of '{path}', which needs no external data.";

    public static string TargetIsInput(string path, string input, string option) =>
        $"FLAT0933: '{input}' is the input as well as the output '{path}'; choose another output with {option}.";

    public static string WeightsNotFinite(IReadOnlyList<string> names) =>
        $"FLAT0934: numbers that are not finite keep {(names.Count == 1 ? "a weight" : $"{names.Count} weights")} as "
            + $"{(names.Count == 1 ? "it is" : "they are")}: "
            + $"{string.Join(", ", names.Take(3).Select(name => $"'{SentenceText.Name(name)}'"))}"
            + $"{(names.Count > 3 ? " and others" : string.Empty)}; repair the model, or leave "
            + $"{(names.Count == 1 ? "it" : "them")} out with --exclude.";

    public static string TargetMissed(TargetReport target) =>
        target.Kind switch
    {
        "bits" =>
            $"FLAT0929: --bits {target.Asked:0.####} cannot be met: the smallest plan stores "
                + $"{target.Reached:0.0000} bits per weight, and was taken.",
        "size" =>
            $"FLAT0929: --target-size cannot be met: {target.Asked:0} bytes were asked for, and the smallest plan "
                + $"takes {target.Reached:0}; leave fewer weights out, or make --min-size smaller.",
        "error" => $"FLAT0929: --target-error {target.Asked:g4} was not met: the plan's error is {target.Reached:g4}.",
        "kl" =>
            $"FLAT0929: --target-kl {target.Asked:g4} was not met: the plan's outputs diverge by {target.Reached:g4}.",
        _ =>
            $"FLAT0929: --target-snr {target.Asked:0.##} was not met: the plan's worst output has "
                + $"{target.Reached:0.##} dB.",
    };

    public static string Provider(string found) =>
        $"FLAT0961: --provider is '{found}', and only cpu can be measured so far; leave the option out.";

    public static string NotSeconds(string found) =>
        $"FLAT0962: --seconds is '{found}', expected a number above 0 and up to 3600";

    public static string NotBatches(string found) =>
        $"FLAT0963: --batch is '{found}', expected whole numbers from 1 on, such as 1,8";

    public static string CustomOpsCount(int found, int models) =>
        $"FLAT0964: --custom-ops is given {found} times for {models} models; give it once for all of them, or once "
            + "for each.";

    public static string BatchWithShapes() =>
        "FLAT0965: --shape sets every dimension of an input, the batch too; give --shape or --batch.";

    public static string ActivationsWithoutLibrary() =>
        "FLAT0966: --activations is a setting of the library, and the model would run without it; leave the "
            + "option out, or give the library with --custom-ops.";

    public static string Rates(string found, double max) =>
        FormattableString.Invariant(
            $"FLAT0947: --bits names '{found}', expected numbers above 0 and up to {max}, separated by commas.");

    public static string NotPositive(string option, string found) =>
        $"FLAT0941: {option} is '{found}', expected a number above 0";

    public static string TooLarge(string option, int found, int largest) =>
        $"FLAT0942: {option} is {found}, expected at most {largest}.";

    public static string GradientsDiffer(string method) =>
        $"FLAT0943: derivatives of {method} differ from central differences by more than float32 explains; the "
            + "table says along which unknowns.";

    public static string Interrupted() => "interrupted; nothing was written.";

    public static string InterruptedVerification(string output) =>
        $"interrupted while verifying; '{output}' is written in full, and not verified.";

    public static string NotChecked(string output, string reason) =>
        $"note: whether ONNX Runtime loads '{output}' was not checked: {reason.TrimEnd('.')}.";

    public static string DoesNotLoad(string output, string reason) =>
        $"'{output}' is written, but ONNX Runtime does not load it: {reason.TrimEnd('.')}; exclude weights, or report "
            + "this as a defect.";

    public static string NoLibraryToCheckWith() =>
        "it runs only with the custom-operator library, which was not found";

    public static string Crashed(string verb, string end, string hint) =>
        $"'{verb}' {end} while ONNX Runtime ran a model{hint}.";

    public static string VerificationFailed(string reason) => $"verification failed: {reason.TrimEnd('.')}.";

    public static string Defect(Exception exception) =>
        $"FLAT0999: this is a defect of flat-onnx, please report it ({exception.GetType().Name}: "
            + $"{exception.Message.TrimEnd('.')}); --verbose shows where.";
}
