using FlatLearning.CustomOps.Kernels.Fused;
using FlatLearning.CustomOps.Kernels.Panels;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;

namespace FlatLearning.CustomOps.Kernels;

/// <summary>A weight as the products use it: scales and bias in plain arrays, the rest decoded in place. Immutable.</summary>
internal sealed class PreparedWeight
{
    /// <summary>Prepares a weight.</summary>
    /// <param name="weight">W.</param>
    /// <param name="bias">[N] or null.</param>
    public PreparedWeight(DynWeight weight, double[]? bias)
    {
        (Rows, Columns) = (weight.Rows, weight.Columns);
        Decoder = new WeightDecoder(weight);
        Panels = (PanelSource?)CodePanels.TryCreate(weight) ?? new TilePanels(Decoder);
        Fused = FusedColumns.TryCreate(weight);
        LookUp = LookUpTables.TryCreate(weight);
        RowScale = weight.RowScale?.Values;
        ColumnScale = weight.ColumnScale?.Values ?? Ones(weight.Columns);
        Bias = bias is null ? new float[weight.Columns] : Array.ConvertAll(bias, v => (float)v);
        WideBias = bias;
    }

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>Decodes metric + code, without the scales.</summary>
    public WeightDecoder Decoder { get; }

    /// <summary>Decodes panels for many rows.</summary>
    public PanelSource Panels { get; }

    /// <summary>What the fused product of a few rows needs, or null where it does not serve.</summary>
    public FusedColumns? Fused { get; }

    /// <summary>What the look-up product needs, or null where it does not serve.</summary>
    public LookUpTables? LookUp { get; }

    /// <summary>rho [K], or null for ones.</summary>
    public float[]? RowScale { get; }

    /// <summary>gamma [N], ones where the weight has none.</summary>
    public float[] ColumnScale { get; }

    /// <summary>[N] in single precision, zeros where the node has none.</summary>
    public float[] Bias { get; }

    /// <summary>[N] in double precision, or null.</summary>
    public double[]? WideBias { get; }

    private static float[] Ones(int count)
    {
        float[] ones = new float[count];
        Array.Fill(ones, 1f);
        return ones;
    }
}
