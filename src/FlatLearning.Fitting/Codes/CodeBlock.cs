namespace FlatLearning.Fitting.Codes;

/// <summary>Sixteen columns of a weight, row by row, and their codes.</summary>
internal class CodeBlock(int rows)
{
    /// <summary>Normalised weights, row-major [K, 16].</summary>
    public float[] Values { get; } = new float[rows * TrellisEncoder.Lanes];

    /// <summary>z, row-major [K, 16].</summary>
    public byte[] Codes { get; } = new byte[rows * TrellisEncoder.Lanes];

    /// <summary>metric + code of some columns of one row.</summary>
    public double[] Sums { get; } = new double[TrellisEncoder.Lanes];
}
