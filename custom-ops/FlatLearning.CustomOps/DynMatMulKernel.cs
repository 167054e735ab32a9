using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Operators;
using FlatLearning.Kernels;

namespace FlatLearning.CustomOps;

/// <summary>The kernel of one node: checks x, allocates y, and multiplies.</summary>
internal sealed class DynMatMulKernel(MatMulProduct product, TensorElementType type) : CustomKernel
{
    /// <inheritdoc/>
    public override void Compute(in KernelContext context)
    {
        Span<long> shape = stackalloc long[Tensor.MaxRank];
        Tensor x = context.Input(0, "x", shape, out int rank);
        if (x.Type != type)
        {
            throw new OperatorException($"x is {x.Type.OnnxName()}, expected {type.OnnxName()}");
        }

        if (rank == 0)
        {
            throw new OperatorException($"x has 0 dimensions, expected 1 to {Tensor.MaxRank}");
        }

        if (shape[rank - 1] != product.Rows)
        {
            throw new OperatorException($"the last dimension of x is {shape[rank - 1]}, expected K = {product.Rows}");
        }

        long rows = 1;
        foreach (long size in shape[..(rank - 1)])
        {
            rows *= size;
        }

        shape[rank - 1] = product.Columns;
        product.Run(context.Workers, x.Data, context.AllocateOutput(shape[..rank]), rows);
    }
}
