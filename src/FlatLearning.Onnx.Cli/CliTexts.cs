namespace FlatLearning.Onnx.Cli;

/// <summary>Sentences of the command line: 09xx.</summary>
internal static class CliTexts
{
    public static string NothingConverted(string path) =>
        $"FLAT0901: no weight of '{path}' was converted, so nothing was written; the summary lists every weight with its reason.";

    public static string OpTypes(string found, IEnumerable<string> supported) =>
        $"FLAT0902: --op-types names '{found}', expected one or more of {string.Join(", ", supported)}.";

    public static string Bits(int found) =>
        $"FLAT0903: --bits is {found}, expected 2, 3, 4, 5, 6 or 8.";

    public static string Taps(int bits, int found) =>
        $"FLAT0904: --taps is {found}, expected 1 to 5 and bits times taps of 16 or less (here {bits * found}).";

    public static string Pattern(string option, string found, string reason) =>
        $"FLAT0905: {option} '{found}' is not a regular expression ({reason}).";

    public static string LibraryMissing(string expected) =>
        $"FLAT0906: the custom-operator library is not at '{expected}'; build the solution on this system, or run the model without it.";

    public static string RestoreTarget(string path) =>
        $"FLAT0907: '{path}' exists already; choose another output or give --overwrite.";

    public static string VerifyOfDryRun() =>
        "FLAT0908: --verify needs the file that --dry-run does not write; give one of the two.";

    public static string PortableAndLibrary() =>
        "FLAT0909: --portable runs without the library that --custom-ops names; give one of the two.";

    public static string CustomOpsMissing(string path) =>
        $"FLAT0910: --custom-ops '{path}' does not exist; 'flat-onnx library-path' prints where the library is.";
}
