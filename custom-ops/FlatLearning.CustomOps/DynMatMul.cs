using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Operators;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Kernels;
using FlatLearning.Numerics;

namespace FlatLearning.CustomOps;

/// <summary><c>ai.flatlearning::DynMatMul</c> under one of its names, for one element type of x.</summary>
internal sealed class DynMatMul(string name, TensorType type, MatMulSettings settings, IWorkers loading)
    : CustomOperator(name, DynOperator.InputCount, type, type)
{
    private static readonly (TensorType Tensor, ElementType Kernel)[] Types =
    [
        (TensorType.Float32, ElementType.Float32), (TensorType.Float16, ElementType.Float16),
        (TensorType.BFloat16, ElementType.BFloat16), (TensorType.Float64, ElementType.Float64),
    ];

    /// <summary>The operator under all of its names and for all types.</summary>
    public static IEnumerable<CustomOperator> All(HostSettings settings)
    {
        ThreadWorkers loading = new(settings.Threads);
        MatMulSettings product = new()
        {
            Activations = settings.Activations,
            MaxCachedElements = settings.MaxCachedElements,
        };
        return from name in DynOperator.Names
               from type in Types
               select new DynMatMul(name, type.Tensor, product with { Type = type.Kernel }, loading);
    }

    /// <inheritdoc/>
    public override CustomKernel CreateKernel(NodeReader node)
    {
        DynWeight weight = node.Weight(DynOperator.Operands, loading);
        string bias = DynOperator.InputName(DynOperator.Bias);
        MatMulProduct product = MatMulProduct.Create(
            weight, node.Constant(DynOperator.Bias, bias)?.ToDoubles(bias, weight.Columns), settings);
        if (product.Choice is { } choice)
        {
            node.LogVerbose($"{Name} node '{node.Name}': {choice}.");
        }

        return new Kernel(product);
    }

    /// <inheritdoc/>
    public override void InferShapes(ShapeInference node) =>
        node.SetOutputLikeInput(DynOperator.X, node.Ints(WeightSchema.Shape.Name, 2)[1]);

    // Checks x, allocates y, and multiplies.
    private sealed class Kernel(MatMulProduct product) : CustomKernel
    {
        public override void Compute(KernelContext context)
        {
            Tensor x = context.Input(DynOperator.X, stackalloc long[OrtApi.MaxRank]);
            long rows = MatMulShape.ToOutput(x.Shape, product.Rows, product.Columns);
            product.Run(context, x.Data, context.AllocateOutput(x.Shape), rows);
        }
    }
}
