using FlatLearning.Dyn.Decoding;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Float64;

/// <summary>Products of x in float64: W is decoded in float32, everything after that is float64.</summary>
internal sealed unsafe class Float64Kernel : IMatMulKernel, ICatalogued
{
    private readonly WeightDecoder _decoder;

    private Float64Kernel(KernelRequest request) => (_decoder, Ends) = (request.Decoder, request.Ends);

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "float64-tiles",
        InstructionSets.None,
        "any",
        "every weight, for x in float64",
        "tiles by the general decoder, products and sums in plain loops in float64");

    /// <inheritdoc/>
    public long MaxRows => long.MaxValue;

    /// <inheritdoc/>
    public ProductEnds Ends { get; }

    /// <inheritdoc/>
    public InputForm Input => InputForm.Plain;

    /// <inheritdoc/>
    public string Description => "decoded by tiles in every run";

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request) =>
        request.IsFloat64 && request.IsAllScaled ? new Float64Kernel(request) : null;

    /// <inheritdoc/>
    public void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows)
    {
        Float64Grid grid = new(rows, _decoder.Groups);
        Float64Task task = new(_decoder, Ends, grid, (double*)x.Data, (double*)y.Data);
        workers.For(ref task, grid.Items);
    }
}
