namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>A node that multiplies with a constant weight.</summary>
/// <param name="Output">The name of y.</param>
/// <param name="Depth">K: the length of the sums.</param>
/// <param name="StoredBytes">Bytes of the weight as the node holds it.</param>
/// <param name="DenseBytes">Bytes that it has without the custom-operator library: those of float32 for DynMatMul, else
/// the same.</param>
internal sealed record WeightProduct(string Output, long Depth, long StoredBytes, long DenseBytes)
{
    /// <summary>
    /// Multiplications and additions for y of so many elements, whichever side the weight is on: 2 K each.
    /// </summary>
    public double Flops(long elements) => 2.0 * Depth * elements;
}
