using FlatLearning.Dyn.Terms;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Metrics;

/// <summary>
/// A metric without its matrix, on top of the codes, which have a plan of their own, or of the bias alone; in float32,
/// before y is rounded to its type.
/// </summary>
internal abstract unsafe class MetricKernel : IMatMulKernel
{
    private readonly MetricProduct _metric;
    private readonly ProductEnds _inOrder;

    /// <summary>Prepares the codes.</summary>
    protected MetricKernel(MetricProduct metric, KernelRequest request)
    {
        (_metric, Ends, _inOrder) = (metric, request.Ends, request.Ends.InOrder());
        Codes = request.Weight.HasCodes
            ? MatMulPlan.Create(
                request.OrderedWeight.Without<MetricTerm>(), request.Ends.WideBias, request.RestSettings)
            : null;
    }

    /// <inheritdoc/>
    public long MaxRows => _metric.MaxRows;

    /// <inheritdoc/>
    public ProductEnds Ends { get; }

    /// <inheritdoc/>
    public InputForm Input => InputForm.Plain;

    /// <inheritdoc/>
    public OutputForm Output => OutputForm.Accumulated;

    /// <inheritdoc/>
    public string Description => _metric.Description;

    /// <summary>The codes and the bias without the metric; null where there are no codes.</summary>
    public MatMulPlan? Codes { get; }

    /// <inheritdoc/>
    public void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows)
    {
        if (Codes is { } codes)
        {
            codes.Run(workers, ElementType.Float32, x.Data, y.Data, rows);
        }
        else
        {
            y.WriteBias(rows);
        }

        for (long row = 0; row < rows; row += _metric.MaxBlockRows)
        {
            int count = (int)Math.Min(_metric.MaxBlockRows, rows - row);
            using Prologue scaled =
                new(workers, _inOrder, InputForm.Scaled, ElementType.Float32, (nint)x.Floats(row), count);
            _metric.AddTo(workers, Ends, scaled.Rows, count, y.Floats + (row * y.Columns));
        }
    }
}
