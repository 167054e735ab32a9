using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Nodes;
using FlatLearning.CustomOps.Operators;
using FlatLearning.Dyn.Operators;
using FlatLearning.Kernels;

namespace FlatLearning.CustomOps;

/// <summary><c>ai.flatlearning::DynMatMul</c> under one of its names, for one element type of x.</summary>
internal sealed class DynMatMulOperator(string name, TensorElementType type, MatMulSettings settings)
    : CustomOperator(name, type, DynOperator.InputCount)
{
    private static readonly (TensorElementType Tensor, ElementType Kernel)[] Types =
    [
        (TensorElementType.Float, ElementType.Float32), (TensorElementType.Float16, ElementType.Float16),
        (TensorElementType.BFloat16, ElementType.BFloat16), (TensorElementType.Double, ElementType.Float64),
    ];

    /// <summary>The operator under all of its names and for all types.</summary>
    public static IEnumerable<DynMatMulOperator> All(Activations activations) =>
        from name in DynOperator.Names
        from type in Types
        select new DynMatMulOperator(
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
        NodeContents contents = NodeContents.Read(node);
        MatMulProduct product = MatMulProduct.Create(contents.Weight, contents.Bias, settings);
        if (product.Choice is { } choice)
        {
            node.LogVerbose($"{Name} node '{node.NodeName}': {choice}.");
        }

        return new DynMatMulKernel(product, Type);
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
}
