using System.Runtime.Intrinsics.X86;
using FlatLearning.CustomOps.Kernels.FixedPoint;
using FlatLearning.CustomOps.Kernels.Fused;
using FlatLearning.CustomOps.Kernels.Metrics;
using FlatLearning.CustomOps.Kernels.Nibbles;
using FlatLearning.CustomOps.Kernels.Orders;
using FlatLearning.CustomOps.Kernels.Panels;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;

namespace FlatLearning.CustomOps.Kernels;

/// <summary>A weight as the products use it: scales and bias in plain arrays, the rest decoded in place. Immutable.</summary>
internal sealed class PreparedWeight
{
    /// <summary>
    /// Codes of up to this many elements (256 KB in float32) are also kept decoded, for two rows of x and more: in models of such small layers decoding them again and again took up to a third of
    /// the time, and their weights are a small part of a process.
    /// </summary>
    public const long MostKeptCodes = 1L << 16;

    /// <summary>Prepares a weight.</summary>
    /// <param name="weight">W.</param>
    /// <param name="bias">[N] or null.</param>
    /// <param name="activations">How a few rows of x are multiplied.</param>
    public PreparedWeight(DynWeight weight, double[]? bias, Activations activations)
    {
        (Rows, Columns) = (weight.Rows, weight.Columns);
        if (weight.Sparse is { } sparse)
        {
            // Nothing but the elements is multiplied here; the rest is a weight of its own.
            Sparse = sparse;
            WithoutSparse = weight.IsDense ? new PreparedWeight(weight.WithoutSparse(), bias, activations) : null;
            Decoder = new WeightDecoder(weight);
            Panels = new TilePanels(Decoder);
            ColumnScale = [];
            Bias = SingleBias(bias, weight.Columns);
            WideBias = bias;
            Choice = WithoutSparse?.Choice;
            return;
        }

        Order = WeightOrder.Apply(ref weight, ref bias);
        Decoder = new WeightDecoder(weight);
        Metric = MetricProducts.TryCreate(weight, Decoder);
        CodesAlone = Metric is null || !weight.HasCodes
            ? null
            : new PreparedWeight(new DynWeight(weight.Rows, weight.Columns, null, weight.Codes, weight.Codebook, weight.RowScale, weight.ColumnScale, weight.Bands), bias, activations);
        Panels = CreatePanels(weight, Decoder, Metric);
        Fused = FusedColumns.TryCreate(weight);
        Fixed = activations == Activations.Int8 && weight.Metric is null ? FixedWeight.TryCreate(weight) : null;
        LookUp = LookUpTables.TryCreate(weight);
        Nibbles = Avx512BW.IsSupported ? NibbleWindows.TryCreate(weight) : null;
        RowScale = weight.RowScale?.Values;
        ColumnScale = weight.ColumnScale?.Values ?? Ones(weight.Columns);
        Bias = SingleBias(bias, weight.Columns);
        WideBias = bias;
        Choice = Describe(weight, activations);
    }

    /// <summary>Single elements to add, or null; then everything else is in <see cref="WithoutSparse"/>.</summary>
    public SparseElements? Sparse { get; }

    /// <summary>The weight and the bias without <see cref="Sparse"/>; null where there is nothing else.</summary>
    public PreparedWeight? WithoutSparse { get; }

    /// <summary>The order of rows and columns that everything else here has; null where it is that of x and y.</summary>
    public WeightOrder? Order { get; }

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

    /// <summary>The codes and the bias without the metric, beside <see cref="Metric"/>; null where there are no codes.</summary>
    public PreparedWeight? CodesAlone { get; }

    /// <summary>How the weight is multiplied where there was a choice: a metric, or whole numbers. Null where there was none.</summary>
    public string? Choice { get; }

    /// <summary>What the product in fixed point needs, or null where it was not asked for or does not serve.</summary>
    public FixedWeight? Fixed { get; }

    /// <summary>What the fused product of a few rows needs, or null where it does not serve.</summary>
    public FusedColumns? Fused { get; }

    /// <summary>What the look-up product needs, or null where it does not serve.</summary>
    public LookUpTables? LookUp { get; }

    /// <summary>What the look-up product of one row in wide registers needs, or null where it does not serve.</summary>
    public NibbleWindows? Nibbles { get; }

    /// <summary>rho [K], or null for ones.</summary>
    public float[]? RowScale { get; }

    /// <summary>gamma [N], ones where the weight has none.</summary>
    public float[] ColumnScale { get; }

    /// <summary>[N] in single precision, zeros where the node has none.</summary>
    public float[] Bias { get; }

    /// <summary>[N] in double precision, or null.</summary>
    public double[]? WideBias { get; }

    private static PanelSource CreatePanels(DynWeight weight, WeightDecoder decoder, MetricProduct? metric)
    {
        if (CodePanels.TryCreate(weight) is { } codes)
        {
            return (long)weight.Rows * weight.Columns <= MostKeptCodes ? new KeptPanels(codes, weight.Rows) : codes;
        }

        TilePanels tiles = new(decoder);
        bool keeps = weight.Metric is not null && metric is null && (long)weight.Rows * weight.Columns <= MetricProducts.MostKept;
        return keeps ? new KeptPanels(tiles, weight.Rows) : tiles;
    }

    private string? Describe(DynWeight weight, Activations activations)
    {
        List<string> parts = [];
        if (weight.Metric is not null)
        {
            string way = Metric?.Description ?? (Panels is KeptPanels ? "decoded once and kept in float32" : "decoded by tiles in every run");
            parts.Add($"{weight.Metric.Kind} metric: {way}");
        }

        if (activations == Activations.Int8 && weight.HasCodes)
        {
            bool serves = (CodesAlone ?? this).Fixed is not null;
            parts.Add(serves ? "codes of a few rows in whole numbers" : "no kernel in whole numbers for these codes or this processor: float32");
        }

        return parts.Count == 0 ? null : string.Join("; ", parts);
    }

    private static float[] SingleBias(double[]? bias, int columns) => bias is null ? new float[columns] : Array.ConvertAll(bias, v => (float)v);

    private static float[] Ones(int count)
    {
        float[] ones = new float[count];
        Array.Fill(ones, 1f);
        return ones;
    }
}
