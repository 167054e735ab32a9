using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Restoring;

namespace FlatLearning.Onnx.Evaluation.Verification;

/// <summary>
/// Runs the original and the converted model, the latter with the library, without it, and restored to dense weights,
/// all on the same synthetic inputs. The three ways to run the converted model may differ by rounding only.
/// </summary>
public static class ConversionVerifier
{
    /// <summary>The largest relative L2 between two float32 ways to run one model.</summary>
    public const double SingleTolerance = 5e-5;

    /// <summary>
    /// The same where weights reach their nodes in 16 bits and every node rounds its result: several units in the last
    /// of 11 bits.
    /// </summary>
    public const double HalfTolerance = 5e-3;

    /// <summary>The same for the 8 bits of bfloat16.</summary>
    public const double BrainTolerance = 4e-2;

    /// <summary>
    /// The same where a weight is a riem metric: the model-local function expands it in float32 to about 1e-6 of the
    /// metric's own scale, which networks amplify (5e-5 seen at an output; docs/decisions/0003-portable-function.md).
    /// </summary>
    public const double RiemTolerance = 5e-4;

    // Integers that are computed from rounded numbers (an ArgMax at a tie) may flip.
    private const double IntegerTolerance = 1e-3;

    /// <summary>Verifies a conversion, in this process.</summary>
    /// <param name="original">The original file.</param>
    /// <param name="conversion">The report of its conversion, whose output file is there.</param>
    /// <param name="library">The custom-operator library, or null where there is none.</param>
    /// <param name="samples">The inputs to run on; null for synthetic ones.</param>
    /// <param name="seed">Start of the random inputs.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <exception cref="OnnxModelException">A model cannot be loaded or run.</exception>
    public static VerificationReport Verify(
        string original,
        ConversionReport conversion,
        string? library,
        InputSource? samples = null,
        int seed = 0,
        CancellationToken cancellation = default) =>
        Verify(original, VerifiedOutput.Of(conversion), library, samples, seed, cancellation);

    /// <summary>The same of what is known of a conversion.</summary>
    /// <exception cref="OnnxModelException">A model cannot be loaded or run.</exception>
    internal static VerificationReport Verify(
        string original,
        VerifiedOutput conversion,
        string? library,
        InputSource? samples = null,
        int seed = 0,
        CancellationToken cancellation = default)
    {
        bool portable = conversion.Portable;
        List<string> notes = [];
        if (library is null && !conversion.HasBlocks)
        {
            notes.Add("The custom-operator library was not found, so the model was run without it only.");
        }

        if (!portable)
        {
            notes.Add("The model has no model-local functions, so it was run with the library only.");
        }

        if (library is null && !portable)
        {
            throw new UsageException(Messages.NothingToVerifyWith());
        }

        InputSource inputs = samples ?? new SyntheticInputSource(OnnxModelFile.Load(original)) { Seed = seed };
        ComparisonReport compared = ModelComparer.Compare(
            new ComparisonRequest { Original = original, Converted = conversion.Path, Inputs = inputs,
                CustomOpsLibrary = library }, null, cancellation);
        notes.AddRange(compared.Notes);
        OnnxModel converted = OnnxModelFile.Load(conversion.Path);
        double tolerance = ConversionMetadata.Read(converted.Proto).Values
            .Select(entry => ToleranceOf(entry.ElementType))
            .Append(conversion.HasRiem ? RiemTolerance : SingleTolerance)
            .Max();
        List<string> failures = [.. compared.Failures];
        if (compared.Outputs.Count > 0 && compared.Outputs.All(output => output.Identical))
        {
            notes.Add(
                "Every output is identical to the original's: these inputs do not reach the converted weights; "
                    + "verify with inputs of your own.");
        }

        if (conversion.HasBlocks)
        {
            return new VerificationReport
            {
                Samples = compared.Samples,
                Outputs = compared.Outputs,
                LibraryRestored = null,
                PortableRestored = null,
                LibraryPortable = null,
                Tolerance = tolerance,
                Notes = notes,
                Failures = failures,
            };
        }

        using TemporaryModel restored = TemporaryModel.Create(ModelRestorer.Restore(converted), cancellation);
        using ModelRunner dense = ModelRunner.Open(restored.Path);
        using ModelRunner? withLibrary = library is null
            ? null
            : ModelRunner.Open(
                conversion.Path, new RunnerOptions { CustomOpsLibrary = library, Activations = RunnerOptions.Exact });
        using ModelRunner? without = portable ? ModelRunner.Open(conversion.Path) : null;
        ComparisonSample[] prepared = [.. inputs.Prepare(dense).Samples];
        return new VerificationReport
        {
            Samples = compared.Samples,
            Outputs = compared.Outputs,
            LibraryRestored = Agree(dense, withLibrary, "the library", "the restored model"),
            PortableRestored = Agree(dense, without, "the model-local functions", "the restored model"),
            LibraryPortable = Agree(withLibrary, without, "the model-local functions", "the library"),
            Tolerance = tolerance,
            Notes = notes,
            Failures = failures,
        };

        double? Agree(ModelRunner? reference, ModelRunner? other, string otherName, string referenceName)
        {
            if (reference is null || other is null)
            {
                return null;
            }

            AgreementReport agreement = Agreement.Measure(reference, other, prepared, cancellation);
            // Written so that NaN fails.
            if (!(agreement.RelativeL2 <= tolerance && agreement.UnequalShare <= IntegerTolerance))
            {
                failures.Add(
                    $"{otherName} and {referenceName} disagree: relative L2 {agreement.RelativeL2:e2} at output "
                        + $"'{agreement.Output}' (at most {tolerance:e1}), {agreement.UnequalShare:p2} of integers "
                        + "differ");
            }

            return agreement.RelativeL2;
        }
    }

    /// <summary>
    /// What the type at the nodes asks for; the stored one may be another, as of integers behind a DequantizeLinear.
    /// </summary>
    private static double ToleranceOf(string elementType) => elementType switch
    {
        "float16" => HalfTolerance,
        "bfloat16" => BrainTolerance,
        _ => SingleTolerance,
    };
}
