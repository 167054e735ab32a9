using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Graph.Folding;

/// <summary>
/// Reshape: the same elements under a new shape, from input 1 or, before opset 5, an attribute. A 0 copies the input's
/// dimension (unless allowzero), one -1 stands for whatever is left.
/// </summary>
internal sealed class ReshapeFold : IFoldOperator
{
    public string OpType => "Reshape";

    public DenseTensor? Evaluate(FoldInputs inputs)
    {
        if (inputs[0] is not { } x || inputs.Integers(1, "shape") is not { } shape || shape.Count(dim => dim == -1) > 1)
        {
            return null;
        }

        bool copiesZeros = inputs.Node.Int("allowzero", 0) == 0;
        for (int i = 0; i < shape.Length; i++)
        {
            if (shape[i] == 0 && copiesZeros)
            {
                if (i >= x.Dims.Length)
                {
                    return null;
                }

                shape[i] = x.Dims[i];
            }
        }

        int open = Array.IndexOf(shape, -1);
        if (open >= 0)
        {
            long known = Product(shape.Where((_, i) => i != open));
            if (known <= 0 || x.Count % known != 0)
            {
                return null;
            }

            shape[open] = x.Count / known;
        }

        return Product(shape) == x.Count ? x.WithDims(shape) : null;
    }

    /// <summary>The product, or -1 for a negative factor or more than any tensor has.</summary>
    private static long Product(IEnumerable<long> dims)
    {
        long product = 1;
        foreach (long dim in dims)
        {
            if (dim < 0 || product < 0 || (dim > 0 && product > Array.MaxLength / dim))
            {
                return -1;
            }

            product *= dim;
        }

        return product;
    }
}
