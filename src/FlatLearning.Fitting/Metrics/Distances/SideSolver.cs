using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// Sweeps over the states of one side. Items are independent of each other and run in parallel, each with the same
/// arithmetic on any number of threads; only under a full H the rows are coupled and take turns, each against the
/// others' present errors.
/// </summary>
internal sealed class SideSolver<TKernel>
    where TKernel : struct, IDistanceKernel
{
    private const double FirstDamping = 1e-2;
    private readonly DistanceProblem _problem;
    private readonly DistanceSide _side;
    private readonly SideKind _kind;
    private readonly double[] _damping;
    private readonly float[]? _dense;

    public SideSolver(DistanceProblem problem, SideKind kind)
    {
        (_problem, _kind, _side) = (problem, kind, kind == SideKind.Rows ? problem.RowSide : problem.ColumnSide);
        _damping = new double[_side.Items];
        Array.Fill(_damping, FirstDamping);
        _dense = problem.Weight.IsFull && kind == SideKind.Columns ? Padded(problem.Weight, _side.Padded) : null;
    }

    /// <summary>One step for every item of this side.</summary>
    public void Sweep(DistanceModel model, IItemStep step, RoundingPrior? prior, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        (float[] states, float[] partners) = _kind == SideKind.Rows
            ? (model.Rows, model.Columns)
            : (model.Columns, model.Rows);
        float[] panels = _side.Panels(partners, model.Coordinates);
        if (_problem.Weight.IsFull && _kind == SideKind.Rows)
        {
            SweepInTurn(model, step, panels, prior?.Rows, cancellation);
            return;
        }

        _problem.Workers.For(
            _side.Items,
            () => new ItemWork<TKernel>(
                model, _side, panels, _dense, _kind == SideKind.Rows ? prior?.Rows : prior?.Columns),
            (item, work) =>
            {
                cancellation.ThrowIfCancellationRequested();
                work.Begin(item, default, _kind == SideKind.Rows ? _problem.Weight.At(item) : 1);
                step.Run(work, states.AsSpan(item * model.Coordinates, model.Coordinates), ref _damping[item]);
            });
    }

    /// <summary>With s_k = sum over j other than k of H[k,j] e_j, row k minimises ||e_k + s_k / H[k,k]||².</summary>
    private void SweepInTurn(
        DistanceModel model, IItemStep step, float[] panels, SidePrior? prior, CancellationToken cancellation)
    {
        Hessian weight = _problem.Weight;
        int padded = _side.Padded;
        float[] errors = new float[_side.Items * padded];
        for (int k = 0; k < _side.Items; k++)
        {
            SetError(k);
        }

        ItemWork<TKernel> work = new(model, _side, panels, null, prior);
        float[] shift = new float[padded];
        for (int k = 0; k < _side.Items; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            double own = weight.At(k);
            if (!(own > 0))
            {
                continue;
            }

            Array.Clear(shift);
            for (int j = 0; j < _side.Items; j++)
            {
                float factor = j == k ? 0 : (float)(-weight.Values[(k * _side.Items) + j] / own);
                if (factor != 0)
                {
                    Lines.AddScaledFused(errors.AsSpan(j * padded, padded), factor, shift);
                }
            }

            work.Begin(k, shift, own);
            step.Run(work, model.Rows.AsSpan(k * model.Coordinates, model.Coordinates), ref _damping[k]);
            SetError(k);
        }

        void SetError(int k)
        {
            Span<float> line = errors.AsSpan(k * padded, padded);
            DistanceKernels<TKernel>.Values(
                model, model.Rows.AsSpan(k * model.Coordinates, model.Coordinates), panels, line);
            Lines.SubtractMultiply(line, _side.Targets.AsSpan(k * padded, padded), _side.Roots, line);
        }
    }

    /// <summary>H in float32, [K, padded].</summary>
    private static float[] Padded(Hessian weight, int padded)
    {
        float[] dense = new float[weight.Rows * padded];
        for (int i = 0; i < weight.Rows; i++)
        {
            for (int j = 0; j < weight.Rows; j++)
            {
                dense[(i * padded) + j] = (float)weight.Values[(i * weight.Rows) + j];
            }
        }

        return dense;
    }
}
