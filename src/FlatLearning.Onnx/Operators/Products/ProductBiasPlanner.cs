using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Operators.Products;

/// <summary>
/// Decides what becomes of Gemm's C, and of a constant that is added to a MatMul; see <see cref="ProductBiasKind"/>.
/// </summary>
internal static class ProductBiasPlanner
{
    /// <summary>The plan.</summary>
    /// <param name="constants">Constants of the model.</param>
    /// <param name="scope">Scope of the node.</param>
    /// <param name="node">A Gemm.</param>
    /// <param name="type">Element type of the Gemm.</param>
    /// <param name="outputs">N where a bias input is possible, null where C has to be added behind.</param>
    public static ProductBias Plan(
        ModelConstants constants, GraphScope scope, NodeProto node, DataType type, long? outputs)
    {
        float beta = node.Float("beta", 1);
        if (node.Input.Count < 3 || node.Input[2].Length == 0 || beta == 0)
        {
            return ProductBias.None;
        }

        DenseTensor? c = constants.Read(scope, node.Input[2]);
        if (c is null || outputs is null || c.Dims.Length > 2 || (c.Dims.Length == 2 && c.Dims[0] != 1)
            || (c.Count != 1 && c.Count != outputs) || !c.ToDoubles().All(double.IsFinite))
        {
            return new ProductBias(
                ProductBiasKind.Added, Factor: beta == 1 ? null : TensorWriter.Real(string.Empty, type, [], [beta]));
        }

        return Taken(constants, scope, node.Input[2], c, beta, (int)outputs);
    }

    /// <summary>
    /// The plan for what an Add puts onto a product; <see cref="ProductBias.None"/> where it is no constant [N], so
    /// that the Add stays.
    /// </summary>
    /// <param name="constants">Constants of the model.</param>
    /// <param name="scope">Scope of the Add.</param>
    /// <param name="addend">Its other operand.</param>
    /// <param name="outputs">N.</param>
    public static ProductBias PlanAddend(ModelConstants constants, GraphScope scope, string addend, long outputs)
    {
        // Of rank 1, so that it cannot widen the shape of the product; of the same graph, since kernels in ONNX Runtime
        // before 1.30 do not see the constants of graphs around theirs.
        if (scope.Find(addend) is not { } value
            || value.Scope != scope
            || constants.InfoOf(scope, addend) is not { Dims: [var count] }
            || count != outputs)
        {
            return ProductBias.None;
        }

        DenseTensor? c = constants.Read(scope, addend);
        return c is null || !c.ToDoubles().All(double.IsFinite)
            ? ProductBias.None
            : Taken(constants, scope, addend, c, 1, (int)outputs);
    }

    // The kernel wants an initializer, which the output of a folded node is not.
    private static ProductBias Taken(
        ModelConstants constants, GraphScope scope, string name, DenseTensor c, float beta, int outputs)
    {
        bool serves = constants.IsStored(scope, name) && beta == 1 && c.Dims.Length == 1 && c.Count == outputs
            && c.Type is DataType.Float or DataType.Float16 or DataType.Double;
        return serves
            ? new ProductBias(ProductBiasKind.Existing)
            : new ProductBias(ProductBiasKind.New, Tensor: Expanded(c, beta, outputs));
    }

    /// <summary>
    /// beta·C as [N]; float64 stays float64, everything else becomes float32, in which the sum is formed.
    /// </summary>
    private static TensorProto Expanded(DenseTensor c, float beta, int outputs)
    {
        double[] values = new double[outputs];
        for (int n = 0; n < outputs; n++)
        {
            values[n] = beta * c[c.Count == 1 ? 0 : n];
        }

        return c.Type == DataType.Double
            ? TensorWriter.Float64(string.Empty, [outputs], values)
            : TensorWriter.Float32(string.Empty, [outputs], Array.ConvertAll(values, value => (float)value));
    }
}
