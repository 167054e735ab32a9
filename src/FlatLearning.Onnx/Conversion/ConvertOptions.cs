using System.Text.RegularExpressions;
using FlatLearning.Fitting;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Entropy;
using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Conversion;

/// <summary>What <see cref="ModelConverter"/> is asked to do.</summary>
public sealed record ConvertOptions
{
    /// <summary>
    /// What the whole model has to meet, by plans that <see cref="Search"/> allows; null for fits of every weight by
    /// <see cref="Plan"/>.
    /// </summary>
    public PlanTarget? Target { get; init; }

    /// <summary>With a target, what weights may be made of and how much work may go into finding out.</summary>
    public PlanRequest Search { get; init; } = new();

    /// <summary>
    /// Whether several ways to meet a target in bits or bytes are tried and the one is kept whose outputs are nearest
    /// to the original's.
    /// </summary>
    public bool Tournament { get; init; }

    /// <summary>
    /// Models whose weights have more elements than this are converted by <see cref="Plan"/> and not for the target.
    /// </summary>
    public long PlainAbove { get; init; } = long.MaxValue;

    /// <summary>What errors count where nothing is known of a weight's inputs.</summary>
    internal ErrorPrior Prior { get; init; } = new();

    /// <summary>Where the second moments of the weights' inputs come from.</summary>
    public HessianMode Hessian { get; init; } = HessianMode.None;

    /// <summary>The .npz of <see cref="HessianMode.Data"/>; else null.</summary>
    public string? HessianFile { get; init; }

    /// <summary>
    /// What runs the model where <see cref="Hessian"/> or <see cref="Target"/> ask for that; null where nothing does.
    /// </summary>
    public ModelRuns? Runs { get; init; }

    /// <summary>
    /// Whether a plan is only predicted: its weights are not fitted, and the model that comes out holds zeros of the
    /// right size.
    /// </summary>
    public bool PredictOnly { get; init; }

    /// <summary>By which operators the converted model reads its weights.</summary>
    public WeightFormat Format { get; init; } = WeightFormat.Dyn;

    /// <summary>Without a target, what every weight is made of.</summary>
    public WeightPlan Plan { get; init; } = new UniformCodesPlan();

    /// <summary>
    /// The same for weights that are dense when the model runs, which functions must be able to decode; by default
    /// <see cref="Plan"/>, and codes of 4 bits where that has none.
    /// </summary>
    public WeightPlan DensePlan
    {
        get => field ?? (Plan is EntropyCodesPlan ? new UniformCodesPlan() : Plan);
        init;
    }

    /// <summary>The same for constants whose elements are taken one by one.</summary>
    internal WeightPlan ValuesPlan { get; } = new UniformCodesPlan { Bits = 8 };

    /// <summary>The start of every random number.</summary>
    public int Seed { get; init; }

    /// <summary>Operator types whose weights are converted.</summary>
    public IReadOnlySet<string> OpTypes { get; init; } = new HashSet<string>(SupportedOpTypes);

    /// <summary>Only weights with a matching initializer or node name are converted; null for all.</summary>
    public Regex? Include { get; init; }

    /// <summary>Weights with a matching initializer or node name stay as they are; null for none.</summary>
    public Regex? Exclude { get; init; }

    /// <summary>Weights with fewer elements stay as they are.</summary>
    public long MinSize { get; init; } = 1024;

    /// <summary>
    /// Whether weights that are quantised already, for MatMulNBits, DequantizeLinear and the like, are converted too,
    /// from the values that their codes stand for; in memory they are dense meanwhile.
    /// </summary>
    public bool Requantize { get; init; }

    /// <summary>
    /// Whether the file carries model-local functions, so that it runs without the custom-operator library.
    /// </summary>
    public bool Portable { get; init; } = true;

    /// <summary>Weights fitted at the same time.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// The file that the model is to be saved as; null where that is not known. External tensors carry its name, so
    /// that sizes depend on it.
    /// </summary>
    public string? Output { get; init; }

    /// <summary>Options as typed, for the model's metadata.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>
    /// What <see cref="OpTypes"/> may name: operators whose weights are known, and <c>other</c> for those that are not.
    /// </summary>
    public static IReadOnlyList<string> SupportedOpTypes => TensorReaders.OpTypes;

    /// <summary>Whether weights that are multiplied as they are stored have a function each.</summary>
    internal bool ProductsHaveFunctions => Portable && (Target is null ? Plan is not EntropyCodesPlan : !Search.Coded);

    /// <summary><see cref="Runs"/>, which are needed.</summary>
    /// <exception cref="UsageException">There are none.</exception>
    internal ModelRuns RequireRuns() => Runs ?? throw new UsageException(Messages.NeedsRuns());
}
