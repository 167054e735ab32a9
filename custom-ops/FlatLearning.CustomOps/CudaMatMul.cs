using FlatLearning.Cuda;
using FlatLearning.Cuda.Driver;
using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Operators;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Kernels;
using FlatLearning.Numerics;

namespace FlatLearning.CustomOps;

/// <summary>
/// <c>ai.flatlearning::DynMatMul</c> under one of its names, for one element type of x, on the CUDA provider. Its
/// constants are inputs in the CPU's memory; the kernel lays them out and uploads them when it first runs.
/// </summary>
internal sealed class CudaMatMul(
    string name, TensorType type, ElementType element, IWorkers loading, ICudaDriver? driver, string? provider)
    : CustomOperator(name, DynOperator.InputCount, type, type)
{
    /// <summary>The name of the provider.</summary>
    public const string CudaProvider = "CUDAExecutionProvider";

    private static readonly (TensorType Tensor, ElementType Kernel)[] Types =
    [
        (TensorType.Float32, ElementType.Float32), (TensorType.Float16, ElementType.Float16),
        (TensorType.BFloat16, ElementType.BFloat16),
    ];

    /// <inheritdoc/>
    public override string? Provider => provider;

    /// <summary>The operator under all of its names and for all types; none where the session has no use for it.
    /// </summary>
    public static IEnumerable<CustomOperator> All(HostSettings settings) => settings.UsesCuda
        ? All(new ThreadWorkers(settings.Threads), CudaLibrary.Instance, CudaProvider)
        : [];

    /// <summary>The operator under all of its names and for all types.</summary>
    /// <param name="loading">The threads that decode entropy-coded weights.</param>
    /// <param name="driver">The driver; null where there is none.</param>
    /// <param name="provider">The provider that it runs on; another one in tests.</param>
    public static IEnumerable<CustomOperator> All(IWorkers loading, ICudaDriver? driver, string? provider) =>
        from name in DynOperator.Names
        from type in Types
        select new CudaMatMul(name, type.Tensor, type.Kernel, loading, driver, provider);

    /// <inheritdoc/>
    public override CustomKernel CreateKernel(NodeReader node)
    {
        ICudaDriver usable = driver
            ?? throw new CudaException("there is no CUDA driver on this machine (libcuda.so.1 or nvcuda.dll)");
        DynWeight weight = node.Weight(DynOperator.Operands, loading);
        string bias = DynOperator.InputName(DynOperator.Bias);
        CudaProduct product = CudaProduct.Create(
            weight, node.Constant(DynOperator.Bias, bias)?.ToDoubles(bias, weight.Columns));
        node.LogVerbose($"{Name} node '{node.Name}': {product.Describe()}.");
        return new Kernel(product, usable, element);
    }

    /// <inheritdoc/>
    public override void InferShapes(ShapeInference node) =>
        node.SetOutputLikeInput(DynOperator.X, node.Ints(WeightSchema.Shape.Name, 2)[1]);

    // Checks x, allocates y, and queues the product on the call's stream.
    private sealed class Kernel(CudaProduct product, ICudaDriver driver, ElementType element)
        : CustomKernel, IDisposable
    {
        public override void Compute(KernelContext context)
        {
            Tensor x = context.Input(DynOperator.X, stackalloc long[OrtApi.MaxRank]);
            long rows = MatMulShape.ToOutput(x.Shape, product.Rows, product.Columns);
            nint y = context.AllocateOutput(x.Shape);
            product.Run(driver, context.Stream(), (ulong)x.Data, (ulong)y, rows, element);
        }

        public void Dispose() => product.Dispose();
    }
}
