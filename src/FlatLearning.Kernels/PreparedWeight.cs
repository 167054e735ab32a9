using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;
using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Ends;
using FlatLearning.Kernels.FusedDequant;
using FlatLearning.Kernels.Int8;
using FlatLearning.Kernels.Lut;
using FlatLearning.Kernels.Metrics;
using FlatLearning.Kernels.MixedBits;

namespace FlatLearning.Kernels;

/// <summary>
/// A weight as the products use it: scales and bias in plain arrays, the rest decoded in place. Immutable.
/// </summary>
internal sealed class PreparedWeight
{
    // Decoded weights of up to this many elements are faster for any number of rows; 128 x 128: one row 1.2 us from
    // floats, 1.3 to 1.6 from codes.
    private const long MaxAlwaysKept = 1L << 15;

    // 128 x 1,024: one row 5.2 us from codes by look-up, 7 from floats; two rows of one tap 4.6 and 7.5, eight 12.6 and
    // 12.1; of several taps 10 and 7.5.
    private const int RowsOfCodes = 2;
    private const int RowsOfSingleTaps = 6;

    /// <summary>Prepares a weight.</summary>
    /// <param name="weight">W.</param>
    /// <param name="bias">[N] or null.</param>
    /// <param name="activations">How a few rows of x are multiplied.</param>
    /// <param name="precision">In what precision sums are formed.</param>
    public PreparedWeight(DynWeight weight, double[]? bias, Activations activations, Precision precision)
    {
        weight = weight.Decoded();
        (Rows, Columns) = (weight.Rows, weight.Columns);
        long elements = (long)Rows * Columns;
        bool small = precision == Precision.Single && weight.IsScaled && elements <= CacheLimit.For(Columns);
        if (weight.Sparse is { } sparse && !small)
        {
            // Nothing but the elements is multiplied here; the rest is a weight of its own.
            Sparse = sparse;
            WithoutSparse = weight.IsScaled
                ? new PreparedWeight(weight.Without<SparseTerm>(), bias, activations, precision)
                : null;
            Decoder = new WeightDecoder(weight);
            Panels = new TilePanels(Decoder);
            ColumnScale = [];
            Bias = SingleBias(bias, weight.Columns);
            WideBias = bias;
            Choice = WithoutSparse?.Choice;
            return;
        }

        (DynWeight Weight, double[]? Bias) natural = (weight, bias);
        Permutation? order = weight.Sparse is null ? Permutation.Apply(ref weight, ref bias) : null;
        Decoder = new WeightDecoder(weight);
        Metric = small ? null : MetricProducts.TryCreate(weight, Decoder);
        bool kept = small
            || (precision == Precision.Single
                && weight.Metric is not null
                && Metric is null
                && elements <= MetricProducts.MaxKept);
        if (kept && order is not null)
        {
            // Decoded, rows and columns are where they belong, and nothing needs the order of the scales.
            (weight, bias, order) = (natural.Weight, natural.Bias, null);
            Decoder = new WeightDecoder(weight);
        }

        Order = order;
        CodesAlone = Metric is null || !weight.HasCodes
            ? null
            : new PreparedWeight(
                weight.Without<MetricTerm>(), bias, activations, precision);
        Banded = kept || precision == Precision.Double ? null : Avx512MixedCodes.TryCreate(weight);
        Avx2LutCodes? bytes = kept || weight is not { Metric: null, Codes: { } codes }
            ? null
            : Avx2LutCodes.TryCreate(codes, weight.Codebook!);
        Avx2MixedCodes? byteBands = kept || weight is not { Metric: null, Bands: { } bands }
            ? null
            : Avx2MixedCodes.TryCreate(bands);
        Panels = kept
            ? new CachedPanels(
                Decoder, weight.Sparse is null ? DecodeParts.Unscaled | DecodeParts.RowScale : DecodeParts.All)
            : (PanelSource?)CodePanels.TryCreate(weight, bytes)
                ?? (PanelSource?)MixedPanels.TryCreate(weight, byteBands) ?? new TilePanels(Decoder);
        Fixed = activations == Activations.Int8 && weight.Metric is null && weight.Sparse is null
            ? Avx512Int16Codes.TryCreate(weight)
            : null;
        if (weight.Sparse is null && (!kept || (Avx512BW.IsSupported && elements > MaxAlwaysKept)))
        {
            Fused = Avx512FusedColumns.TryCreate(weight);
            LookUp = BlockLutTables.TryCreate(weight);
            Nibbles = Avx512BW.IsSupported ? Avx512LutCodes.TryCreate(weight) : null;
        }

        // Four entries fit one permutation of eight.
        Bytes = weight.Codebook is { Bits: > 2 } ? bytes : null;
        Avx2MixedCodes = byteBands is { IsComplete: true } ? byteBands : null;
        FirstKeptRows = !kept
            ? int.MaxValue
            : Nibbles is null && LookUp is null
            ? 1
            : weight.Codebook?.Taps == 1
            ? RowsOfSingleTaps
            : RowsOfCodes;
        RowScale = weight.RowScale?.Values;
        ColumnScale = weight.Sparse is null && weight.ColumnScale is { } scale ? scale.Values : Ones(weight.Columns);
        Bias = SingleBias(bias, weight.Columns);
        WideBias = bias;
        Choice = Describe(weight, activations);
    }

    /// <summary>Single elements to add, or null; then everything else is in <see cref="WithoutSparse"/>.</summary>
    public SparseElements? Sparse { get; }

    /// <summary>The weight and the bias without <see cref="Sparse"/>; null where there is nothing else.</summary>
    public PreparedWeight? WithoutSparse { get; }

    /// <summary>
    /// The order of rows and columns that everything else here has; null where it is that of x and y.
    /// </summary>
    public Permutation? Order { get; }

    /// <summary>
    /// What the products of codes in bands need, or null where there are none, or they are kept decoded, or the
    /// processor has too narrow registers.
    /// </summary>
    public Avx512MixedCodes? Banded { get; }

    /// <summary>
    /// From how many rows on a product takes the decoded weight where that is kept; without limit where it is not.
    /// </summary>
    public int FirstKeptRows { get; }

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>Decodes metric + code, without the scales.</summary>
    public WeightDecoder Decoder { get; }

    /// <summary>Decodes panels for many rows.</summary>
    public PanelSource Panels { get; }

    /// <summary>The metric without its matrix, or null where there is none or panels are cheaper.</summary>
    public MetricProduct? Metric { get; }

    /// <summary>
    /// The codes and the bias without the metric, beside <see cref="Metric"/>; null where there are no codes.
    /// </summary>
    public PreparedWeight? CodesAlone { get; }

    /// <summary>
    /// How the weight is multiplied where there was a choice: a metric, or whole numbers. Null where there was none.
    /// </summary>
    public string? Choice { get; }

    /// <summary>What the product in fixed point needs, or null where it was not asked for or does not serve.</summary>
    public Avx512Int16Codes? Fixed { get; }

    /// <summary>What the fused product of a few rows needs, or null where it does not serve.</summary>
    public Avx512FusedColumns? Fused { get; }

    /// <summary>What the look-up product in 256-bit registers needs, or null where it does not serve.</summary>
    public Avx2LutCodes? Bytes { get; }

    /// <summary>The same for codes in bands.</summary>
    public Avx2MixedCodes? Avx2MixedCodes { get; }

    /// <summary>What the look-up product of single blocks needs, or null where it does not serve.</summary>
    public BlockLutTables? LookUp { get; }

    /// <summary>What the look-up product of one row in wide registers needs, or null where it does not serve.</summary>
    public Avx512LutCodes? Nibbles { get; }

    /// <summary>rho [K], or null for ones.</summary>
    public float[]? RowScale { get; }

    /// <summary>gamma [N], ones where the weight has none.</summary>
    public float[] ColumnScale { get; }

    /// <summary>[N] in single precision, zeros where the node has none.</summary>
    public float[] Bias { get; }

    /// <summary>[N] in double precision, or null.</summary>
    public double[]? WideBias { get; }

    private string? Describe(DynWeight weight, Activations activations)
    {
        List<string> parts = [];
        if (weight.Metric is not null)
        {
            string way = Metric?.Description
                ?? (Panels is CachedPanels ? "decoded once and kept in float32" : "decoded by tiles in every run");
            parts.Add($"{weight.Metric!.Kind} metric: {way}");
        }

        if (activations == Activations.Int8 && weight.HasCodes)
        {
            bool serves = (CodesAlone ?? this).Fixed is not null;
            parts.Add(
                serves
                    ? "codes of a few rows in whole numbers"
                    : "no kernel in whole numbers for these codes or this processor: float32");
        }

        return parts.Count == 0 ? null : string.Join("; ", parts);
    }

    private static float[] SingleBias(double[]? bias, int columns) =>
        bias is null ? new float[columns] : Array.ConvertAll(bias, v => (float)v);

    private static float[] Ones(int count)
    {
        float[] ones = new float[count];
        Array.Fill(ones, 1f);
        return ones;
    }
}
