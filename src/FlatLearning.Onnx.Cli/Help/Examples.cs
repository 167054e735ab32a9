namespace FlatLearning.Onnx.Cli.Help;

/// <summary>Examples of every verb, by its name; those of the tool itself under the empty name.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, string[]> ByVerb = new(StringComparer.Ordinal)
    {
        [string.Empty] =
        [
            "flat-onnx convert model.onnx                      writes model.flat.onnx and says what it did",
            "flat-onnx compare model.onnx model.flat.onnx      how far apart the two are",
            "flat-onnx bench model.onnx model.flat.onnx        which is faster, how much memory",
            "flat-onnx convert --help                          options and examples of a verb",
        ],
        ["convert"] =
        [
            "flat-onnx convert model.onnx                                 model.flat.onnx, 4 bits per weight, "
                + "outputs decide",
            "flat-onnx convert model.onnx --fast                          4-bit codes without running the model",
            "flat-onnx convert model.onnx --quality small                 3 bits per weight",
            "flat-onnx convert model.onnx -o small.onnx --bits 3 --verify at most 3 bits per weight, and check it "
                + "in ONNX Runtime",
            "flat-onnx convert model.onnx --target-size 12%               the most accurate file of that size",
            "flat-onnx convert model.onnx --target-snr 40                 the smallest file whose outputs keep 40 dB",
            "flat-onnx convert model.onnx --verify --inputs test.npz      on samples of your own",
            "flat-onnx convert model.onnx --dry-run --json                what it would be, for a script",
            "flat-onnx convert model.onnx --exclude 'lm_head|classifier'  leave some weights as they are",
        ],
        ["compare"] =
        [
            "flat-onnx compare model.onnx model.flat.onnx",
            "flat-onnx compare model.onnx model.flat.onnx --inputs test.npz --fail-if \"top1_agreement<0.99\"",
            "flat-onnx compare model.onnx model.flat.onnx --shape ids=1,128 --per-layer",
            "flat-onnx compare model.onnx model.flat.onnx --portable      without the custom-operator library",
        ],
        ["bench"] =
        [
            "flat-onnx bench model.onnx model.flat.onnx                   which is faster, how much memory",
            "flat-onnx bench model.onnx model.flat.onnx --batch 1,8,64 --portable --threads 2",
            "flat-onnx bench a.onnx b.onnx c.onnx --seconds 20 --json     ratios are against the first",
            "flat-onnx bench model.onnx model.flat.onnx --out-of-cache    weights come from memory",
        ],
        ["inspect"] =
        [
            "flat-onnx inspect model.flat.onnx",
            "flat-onnx inspect model.flat.onnx --json",
        ],
        ["restore"] =
        [
            "flat-onnx restore model.flat.onnx                 writes model.restored.onnx, plain ONNX",
            "flat-onnx restore model.flat.onnx -o plain.onnx --overwrite",
        ],
        ["fit"] =
        [
            "flat-onnx fit matrix.npy                          every representation at 1, 2, 3, 4, 6 and 8 bits per "
                + "weight",
            "flat-onnx fit model.onnx                          lists the matrices of a model",
            "flat-onnx fit model.onnx::W --transpose --bits 4 --plot rates.html",
            "flat-onnx fit matrix.npy --method riem --state-dim 52 --time-limit 300 --json",
        ],
        ["library-path"] =
        [
            "python host.py \"$(flat-onnx library-path)\"",
        ],
        ["completion"] =
        [
            "source <(flat-onnx completion bash)               in ~/.bashrc",
            "flat-onnx completion fish > ~/.config/fish/completions/flat-onnx.fish",
        ],
    };

    /// <summary>The examples of a verb, one per line.</summary>
    public static IReadOnlyList<string> Of(string verb) => ByVerb.GetValueOrDefault(verb, []);
}
