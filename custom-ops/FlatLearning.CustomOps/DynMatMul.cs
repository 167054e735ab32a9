using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Nodes;
using FlatLearning.CustomOps.Operators;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Kernels;

namespace FlatLearning.CustomOps;

/// <summary><c>ai.flatlearning::DynMatMul</c> under one of its names, for one element type of x.</summary>
internal sealed class DynMatMul(string name, TensorElementType type, MatMulSettings settings)
    : CustomOperator(name, type, DynOperator.InputCount)
{
    private static readonly (TensorElementType Tensor, ElementType Kernel)[] Types =
    [
        (TensorElementType.Float, ElementType.Float32), (TensorElementType.Float16, ElementType.Float16),
        (TensorElementType.BFloat16, ElementType.BFloat16), (TensorElementType.Double, ElementType.Float64),
    ];

    /// <summary>The operator under all of its names and for all types.</summary>
    public static IEnumerable<CustomOperator> All(Activations activations) =>
        from name in DynOperator.Names
        from type in Types
        select new DynMatMul(
            name,
            type.Tensor,
            new MatMulSettings
            {
                Type = type.Kernel,
                Activations = activations,
                MaxCachedElements = HostSettings.MaxCachedElements,
            });

    /// <inheritdoc/>
    public override CustomKernel CreateKernel(in NodeInfo node)
    {
        DynWeight weight = NodeReader.Weight(node, DynOperator.Operands);
        double[]? bias = NodeReader.Vector(
            node, DynOperator.Bias, DynOperator.InputName(DynOperator.Bias), weight.Columns);
        MatMulProduct product = MatMulProduct.Create(weight, bias, settings);
        if (product.Choice is { } choice)
        {
            node.LogVerbose($"{Name} node '{node.NodeName}': {choice}.");
        }

        return new Kernel(product, Type);
    }

    /// <inheritdoc/>
    public override void InferShapes(in ShapeInference node)
    {
        Span<long> shape = stackalloc long[2];
        if (node.Ints(WeightSchema.Shape.Name, shape) == 2 && shape[1] > 0)
        {
            node.SetOutputLikeInput(shape[1]);
        }
    }

    // Checks x, allocates y, and multiplies.
    private sealed class Kernel(MatMulProduct product, TensorElementType type) : CustomKernel
    {
        public override void Compute(in KernelContext context)
        {
            Span<long> shape = stackalloc long[Tensor.MaxRank];
            Tensor x = context.Input(DynOperator.X, "x", shape, out int rank);
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
                throw new OperatorException(
                    $"the last dimension of x is {shape[rank - 1]}, expected K = {product.Rows}");
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
}
