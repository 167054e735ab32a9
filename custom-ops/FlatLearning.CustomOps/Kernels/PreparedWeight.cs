using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;

namespace FlatLearning.CustomOps.Kernels;

/// <summary>A weight as the products use it: scales and bias in plain arrays, the rest decoded in place. Immutable.</summary>
internal sealed class PreparedWeight(DynWeight weight, double[]? bias)
{
    /// <summary>K.</summary>
    public int Rows { get; } = weight.Rows;

    /// <summary>N.</summary>
    public int Columns { get; } = weight.Columns;

    /// <summary>Decodes metric + code, without the scales.</summary>
    public WeightDecoder Decoder { get; } = new(weight);

    /// <summary>What the look-up product needs, or null where it does not serve.</summary>
    public LookUpTables? LookUp { get; } = LookUpTables.TryCreate(weight);

    /// <summary>rho [K], or null for ones.</summary>
    public float[]? RowScale { get; } = weight.RowScale?.Values;

    /// <summary>gamma [N], ones where the weight has none.</summary>
    public float[] ColumnScale { get; } = weight.ColumnScale?.Values ?? Ones(weight.Columns);

    /// <summary>[N] in single precision, zeros where the node has none.</summary>
    public float[] Bias { get; } = bias is null ? new float[weight.Columns] : Array.ConvertAll(bias, v => (float)v);

    /// <summary>[N] in double precision, or null.</summary>
    public double[]? WideBias { get; } = bias;

    private static float[] Ones(int count)
    {
        float[] ones = new float[count];
        Array.Fill(ones, 1f);
        return ones;
    }
}
