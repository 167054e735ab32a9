using FlatLearning.CustomOps.Nodes;
using FlatLearning.CustomOps.Api;
using FlatLearning.Kernels;
using FlatLearning.Kernels.Ends;
using FlatLearning.Kernels.Float64;
using FlatLearning.CustomOps.Operators;

namespace FlatLearning.CustomOps;

/// <summary>The kernel of one node: checks x, allocates y, and hands the product to the path of x's type.</summary>
internal sealed class DynMatMulKernel : CustomKernel
{
    private const int MaxRank = 64;

    private readonly PreparedWeight _weight;
    private readonly TensorElementType _type;

    /// <summary>Prepares the weight.</summary>
    public DynMatMulKernel(NodeContents contents, TensorElementType type, Activations activations) =>
        (_weight, _type) = (new PreparedWeight(
            contents.Weight,
            contents.Bias,
            activations,
            type == TensorElementType.Double ? Precision.Double : Precision.Single), type);

    /// <summary>How the weight is multiplied where there was a choice, else null.</summary>
    public string? Choice => _weight.Choice;

    /// <inheritdoc/>
    public override void Compute(KernelContext context)
    {
        Span<long> shape = stackalloc long[MaxRank];
        TensorView x = context.GetInput(0, shape, out int rank);
        if (x.Type != _type)
        {
            throw new OperatorException($"x is {x.Type.OnnxName()}, expected {_type.OnnxName()}");
        }

        if (rank is 0 or > MaxRank)
        {
            throw new OperatorException($"x has {rank} dimensions, expected 1 to {MaxRank}");
        }

        if (shape[rank - 1] != _weight.Rows)
        {
            throw new OperatorException($"the last dimension of x is {shape[rank - 1]}, expected K = {_weight.Rows}");
        }

        long rows = 1;
        foreach (long size in shape[..(rank - 1)])
        {
            rows *= size;
        }

        shape[rank - 1] = _weight.Columns;
        nint y = context.AllocateOutput(0, shape[..rank]);
        if (rows > 0)
        {
            Multiply(context, x.Data, y, rows);
        }
    }

    private void Multiply(KernelContext context, nint x, nint y, long rows)
    {
        switch (_type)
        {
            case TensorElementType.Float:
                FloatProduct.Run<SingleElement>(context.Workers, _weight, x, y, rows);
                break;
            case TensorElementType.Float16:
                FloatProduct.Run<HalfElement>(context.Workers, _weight, x, y, rows);
                break;
            case TensorElementType.BFloat16:
                FloatProduct.Run<BFloat16Element>(context.Workers, _weight, x, y, rows);
                break;
            default:
                Float64Product.Run(context.Workers, _weight, x, y, rows);
                break;
        }
    }
}
