using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Sparse;

/// <summary>
/// Sparse elements on top of the rest of the weight, which has a plan of its own; before y is rounded to its type.
/// </summary>
internal sealed unsafe class SparseKernel : IMatMulKernel, ICatalogued
{
    private readonly SparseElements _elements;
    private readonly bool _isFloat64;

    private SparseKernel(SparseElements elements, KernelRequest request)
    {
        (_elements, _isFloat64) = (elements, request.IsFloat64);
        Ends = ProductEnds.Natural(request.Weight, request.Bias, isScaled: true);
        Rest = request.Weight.IsScaled
            ? MatMulPlan.Create(request.Weight.Without<SparseTerm>(), request.Bias, request.RestSettings)
            : null;
    }

    /// <inheritdoc/>
    public static KernelInfo Info { get; } = new(
        "sparse-add",
        InstructionSets.None,
        "any",
        "weights with sparse elements, unless they are small",
        "the rest by the best of the other kernels, then each column's elements one by one");

    /// <inheritdoc/>
    public long MaxRows => long.MaxValue;

    /// <inheritdoc/>
    public ProductEnds Ends { get; }

    /// <inheritdoc/>
    public InputForm Input => InputForm.Plain;

    /// <inheritdoc/>
    public OutputForm Output => OutputForm.Accumulated;

    /// <summary>The weight and the bias without sparse elements; null where there is nothing else.</summary>
    public MatMulPlan? Rest { get; }

    /// <inheritdoc/>
    public static IMatMulKernel? TryCreate(KernelRequest request) =>
        request.Weight.Find<SparseTerm>() is { } term && (request.IsOnly || !request.Cache.IsSmall)
            ? new SparseKernel(term.Elements, request)
            : null;

    /// <inheritdoc/>
    public void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows)
    {
        if (Rest is { } rest)
        {
            rest.Run(workers, _isFloat64 ? ElementType.Float64 : ElementType.Float32, x.Data, y.Data, rows);
        }
        else
        {
            y.WriteBias(rows);
        }

        if (_isFloat64)
        {
            SparseTask<double> task = new(_elements, (double*)x.Data, (double*)y.Data, rows);
            workers.For(ref task, task.Items);
        }
        else
        {
            SparseTask<float> task = new(_elements, (float*)x.Data, (float*)y.Data, rows);
            workers.For(ref task, task.Items);
        }
    }
}
