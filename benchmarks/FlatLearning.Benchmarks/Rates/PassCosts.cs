namespace FlatLearning.Benchmarks.Rates;

/// <summary>
/// Multiply-adds (or adds or multiplies, which cost the same) per evaluation of a sigmoid, its reciprocal left out.
/// </summary>
internal static class PassCosts
{
    /// <summary>1 + e_k e_n, and v s added to the value.</summary>
    public const int Cost = 2;

    /// <summary>The cost, and u s, its sum for v, u s (1 - s), and its sums for the row and the column.</summary>
    public const int Gradient = Cost + 5;

    /// <summary>1 + e_k e_n; the slope s (1 - s); the change of the argument and its product with the slope; the sum of
    /// s, once forward and once backward; slope times u, and its sums for the row and the column.</summary>
    public const int GaussNewton = 9;
}
