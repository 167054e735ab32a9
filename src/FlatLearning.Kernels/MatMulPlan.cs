using FlatLearning.Dyn;
using FlatLearning.Kernels.Ends;
using FlatLearning.Kernels.FixedPoint;
using FlatLearning.Kernels.Int8;
using FlatLearning.Kernels.Metrics;
using FlatLearning.Kernels.Sparse;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels;

/// <summary>The kernels of one product, those for few rows first. Made once; a run asks it once.</summary>
internal sealed class MatMulPlan
{
    private readonly PlanStep[] _steps;

    private MatMulPlan(KernelRequest request)
    {
        (Rows, Columns) = (request.Weight.Rows, request.Weight.Columns);
        _steps = request.Settings.Kernel is { } name ? [Only(name, request)] : [.. Best(request)];
        Choice = Describe(request);
    }

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <inheritdoc cref="MatMulProduct.Choice"/>
    public string? Choice { get; }

    /// <summary>Names, and the most rows of each.</summary>
    public IReadOnlyList<(string Kernel, long MaxRows)> Kernels =>
        [.. _steps.Select(step => (step.Name, step.MaxRows))];

    /// <summary>Whether few rows are multiplied in whole numbers.</summary>
    public bool HasWholeNumbers => _steps.Any(
        step => step.Kernel is Avx512Int16Lut or Avx2FixedLut or Avx2FixedBandLut
            or MetricKernel { Codes.HasWholeNumbers: true });

    /// <summary>Prepares; see <see cref="MatMulProduct.Create"/>.</summary>
    public static MatMulPlan Create(DynWeight weight, double[]? bias, MatMulSettings settings) =>
        new(new KernelRequest(weight.Decoded(), bias, settings));

    /// <summary>Computes rows of y; see <see cref="MatMulProduct.Run"/>.</summary>
    public void Run(IWorkers workers, ElementType type, nint x, nint y, long rows)
    {
        int bytes = type.Bytes();
        for (long first = 0; first < rows;)
        {
            IMatMulKernel kernel = Kernel(rows - first);
            long count = Math.Min(rows - first, kernel.MaxPassRows);
            using Prologue prologue =
                new(workers, kernel.Ends, kernel.Input, type, x + (nint)(first * Rows * bytes), count);
            using Epilogue epilogue = new(kernel.Ends, kernel.Output, type, y + (nint)(first * Columns * bytes), count);
            kernel.Run(workers, prologue.Rows, epilogue.Rows, count);
            epilogue.Finish(workers);
            first += count;
        }
    }

    private IMatMulKernel Kernel(long rows)
    {
        int step = 0;
        while (rows > _steps[step].MaxRows)
        {
            step++;
        }

        return _steps[step].Kernel;
    }

    // In the order of the catalogue, as far as the next multiplies more rows than those before.
    private static IEnumerable<PlanStep> Best(KernelRequest request)
    {
        long covered = 0;
        foreach (KernelEntry entry in KernelCatalogue.Entries)
        {
            if (covered < long.MaxValue && entry.TryCreate(request) is { } kernel && kernel.MaxRows > covered)
            {
                covered = kernel.MaxRows;
                yield return new PlanStep(entry.Info.Name, kernel, covered);
            }
        }
    }

    private static PlanStep Only(string name, KernelRequest request)
    {
        KernelEntry entry = KernelCatalogue.Entries.FirstOrDefault(entry => entry.Info.Name == name)
            ?? throw new ArgumentException($"There is no kernel '{name}'.", nameof(name));
        IMatMulKernel kernel = entry.TryCreate(request)
            ?? throw new ArgumentException(
                $"The kernel '{name}' {entry.Info.Needs.Missing() ?? "does not multiply such a weight"}.",
                nameof(name));
        return new PlanStep(name, kernel, long.MaxValue);
    }

    private string? Describe(KernelRequest request)
    {
        List<string> parts = [];
        IMatMulKernel first = _steps[0].Kernel;
        if (first is SparseKernel sparse)
        {
            return sparse.Rest?.Choice;
        }

        if (request.StoredMetric is { } metric)
        {
            parts.Add($"{metric.Kind} metric: {first.Description}");
        }

        if (HasWholeNumbers)
        {
            parts.Add("codes of a few rows in whole numbers");
        }
        else if (request.Settings.Activations == Activations.Int8 && request.Weight.HasCodes)
        {
            parts.Add("no kernel in whole numbers for these codes or this processor: float32");
        }

        return parts.Count == 0 ? null : string.Join("; ", parts);
    }
}
