using FlatLearning.Fitting;
using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Operators.Products;

namespace FlatLearning.Onnx.Planning;

/// <summary>What a plan knows of one weight.</summary>
/// <param name="Options">What it may become, smallest first; null for staying as it is, always the last.</param>
/// <param name="OriginalBytes">What staying takes.</param>
/// <param name="Energy">||W||².</param>
/// <param name="Elements">K·N.</param>
internal sealed record WeightCurve(IReadOnlyList<PlanOption?> Options, long OriginalBytes, double Energy, long Elements)
{
    /// <summary>How much its relative error counts in the model's; its energy where nothing better is known.</summary>
    public double Sensitivity { get; init; } = Energy;

    /// <summary>The H in use: identity, layernorm, synthetic or data.</summary>
    public string Hessian { get; init; } = "identity";

    /// <summary>
    /// The relative error under the H in use of noise whose energy in every row is that of the weight's numbers there,
    /// over its plain relative error; 1 for H = I.
    /// </summary>
    public double NoiseRatio { get; init; } = 1;

    /// <summary>Bytes of entropy-coded options over their estimates, as the last fit had them.</summary>
    public double BytesRatio { get; init; } = 1;

    /// <summary>Errors of entropy-coded options over their estimates, as the last fit had them.</summary>
    public double ErrorRatio { get; init; } = 1;

    /// <summary>Whether it is a matrix product's, whose energies are compared as they are.</summary>
    public bool IsProduct { get; init; } = true;

    /// <summary>How its function ends: weights of one structure share a function where this is the same.</summary>
    public string Ending { get; init; } = string.Empty;

    /// <summary>What the function of every option depends on; null for staying.</summary>
    public IReadOnlyList<string?> Structures =>
        field ??= [.. Options.Select(option => option is null ? null : option.Structure + Ending)];

    /// <summary>The curve without bands.</summary>
    public WeightCurve WithoutBands() => new(
        [.. Options.Where(option => option?.Structure.StartsWith("bands", StringComparison.Ordinal) != true)],
        OriginalBytes, Energy, Elements)
    {
        Sensitivity = Sensitivity,
        Hessian = Hessian,
        NoiseRatio = NoiseRatio,
        BytesRatio = BytesRatio,
        ErrorRatio = ErrorRatio,
        IsProduct = IsProduct,
        Ending = Ending,
    };

    /// <summary>Bytes and loss of every option, for the allocator.</summary>
    public IReadOnlyList<(long Bytes, double Loss)> Items => [.. Options.Select((_, i) => (BytesOf(i), LossOf(i)))];

    /// <summary>Bytes that an option stores.</summary>
    public long BytesOf(int option) =>
        Options[option] is not { } known
            ? OriginalBytes
            : known.IsCoded
            ? (long)Math.Round(BytesRatio * known.Bytes)
            : known.Bytes;

    /// <summary>Errors of options that were fitted, where estimates are not enough.</summary>
    public IReadOnlyDictionary<int, double> Fitted { get; init; } = new Dictionary<int, double>();

    /// <summary>Its share in the model's error.</summary>
    public double LossOf(int option) => Fitted.Count == 0
        ? EstimateOf(option)
        : Fitted.TryGetValue(option, out double error) ? Sensitivity * error : EstimateOf(option) * RatioOf(option);

    /// <summary>The same as it was measured, whatever fits said since.</summary>
    public double EstimateOf(int option) =>
        Sensitivity * (Options[option]?.Error ?? 0) * (Options[option]?.IsCoded == true ? ErrorRatio : 1);

    /// <summary>The curve after an option was fitted.</summary>
    public WeightCurve Learned(int option, double error) =>
        this with { Fitted = new Dictionary<int, double>(Fitted) { [option] = error } };

    /// <summary>By what factor an estimate is off, as the fitted option of its structure next to it says.</summary>
    private double RatioOf(int option)
    {
        (double ratio, long distance) = (1, long.MaxValue);
        foreach ((int other, double error) in Fitted)
        {
            long bytes = Math.Abs(BytesOf(other) - BytesOf(option));
            if (Structures[other] == Structures[option] && bytes < distance && Options[other]!.Error > 0)
            {
                (ratio, distance) = (error / Options[other]!.Error, bytes);
            }
        }

        return ratio;
    }

    /// <summary>
    /// The curve after one of its entropy-coded options was fitted: the others are off by the same factors, since their
    /// steps differ little.
    /// </summary>
    public WeightCurve Corrected(int option, long bytes, double error) =>
        Options[option] is { IsCoded: true, Error: > 0 } estimate
            ? this with { BytesRatio = (double)bytes / estimate.Bytes, ErrorRatio = error / estimate.Error }
            : this;

    /// <summary>
    /// The curve of measured options: those that are no smaller than the original, or that another of the same
    /// structure beats in bytes and error, are left out. Of another structure, the model may have no room for the
    /// function.
    /// </summary>
    public static WeightCurve Of(WeightCandidate candidate, IEnumerable<PlanOption> measured, double energy)
    {
        List<PlanOption?> options = [];
        Dictionary<string, double> least = [];
        foreach (PlanOption option in measured.OrderBy(option => option.Bytes).ThenBy(option => option.Error))
        {
            if (option.Error < least.GetValueOrDefault(option.Structure, double.PositiveInfinity)
                && ConversionDraft.Pays(candidate, option.Bytes, option.Tensors))
            {
                options.Add(option);
                least[option.Structure] = option.Error;
            }
        }

        options.Add(null);
        return new WeightCurve(options, candidate.Info.ByteLength, energy, candidate.Info.Count)
        {
            IsProduct = candidate.Uses[0] is ProductUse,
            Ending = candidate.TensorForm is { } form ? $" {candidate.ElementType} {form}" : string.Empty,
        };
    }

    /// <summary>tr(Wᵀ H W), in double precision.</summary>
    public static double EnergyOf(float[] matrix, int columns, Hessian weight)
    {
        if (!weight.IsIdentity)
        {
            return weight.Energy(Array.ConvertAll(matrix, value => (double)value), columns);
        }

        double energy = 0;
        foreach (float value in matrix)
        {
            energy += (double)value * value;
        }

        return energy;
    }

    /// <summary><see cref="NoiseRatio"/> of a matrix.</summary>
    public static double NoiseRatioOf(float[] matrix, int columns, Hessian weight)
    {
        if (weight.IsIdentity)
        {
            return 1;
        }

        double noise = 0;
        for (int i = 0; i < matrix.Length; i++)
        {
            noise += weight.At(i / columns) * matrix[i] * matrix[i];
        }

        double energy = EnergyOf(matrix, columns, weight);
        return noise > 0 && energy > 0 ? noise / energy : 1;
    }
}
