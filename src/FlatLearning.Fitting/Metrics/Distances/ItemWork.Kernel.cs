using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// An item's problem for one kind of distance: M is diagonal (roots of the partners), or H itself for columns under a
/// full H.
/// </summary>
internal sealed class ItemWork<TKernel>(
    DistanceModel model,
    DistanceSide side,
    float[] panels,
    float[]? dense,
    SidePrior? prior) : ItemWork(model.Coordinates)
    where TKernel : struct, IDistanceKernel
{
    private const double MinWeight = 1e-6;
    private readonly float[] _target = new float[side.Padded];
    private readonly float[] _error = new float[side.Padded];
    private readonly float[] _product = new float[side.Padded];
    private readonly float[] _jacobian = new float[model.Coordinates * side.Padded];
    private readonly float[] _weighted = dense is null ? [] : new float[model.Coordinates * side.Padded];

    private double _priorShare = 1;

    /// <summary>Turns to another item.</summary>
    /// <param name="item">Its number.</param>
    /// <param name="shift">Added to its targets, [padded]; empty for none.</param>
    /// <param name="weight">What this item's errors count in the whole, which the prior is a part of.</param>
    public void Begin(int item, ReadOnlySpan<float> shift, double weight)
    {
        _priorShare = 1 / Math.Max(weight, MinWeight);
        Item = item;
        side.Targets.AsSpan(item * side.Padded, side.Padded).CopyTo(_target);
        if (!shift.IsEmpty)
        {
            Lines.Add(_target, shift, _target);
        }
    }

    /// <inheritdoc/>
    public override double Cost(ReadOnlySpan<float> state)
    {
        DistanceKernels<TKernel>.Values(model, state, panels, _error);
        return Finish() + (_priorShare * (prior?.Energy(state) ?? 0));
    }

    /// <inheritdoc/>
    public override double Linearise(ReadOnlySpan<float> state)
    {
        DistanceKernels<TKernel>.Jacobian(model, state, panels, _error, _jacobian);
        double cost = Finish();
        for (int i = 0; i < Gradient.Length; i++)
        {
            Span<float> line = _jacobian.AsSpan(i * side.Padded, side.Padded);
            if (dense is null)
            {
                Lines.Multiply(line, side.Roots, line);
                Gradient[i] = Dot.OfRegisters(line, _error);
            }
            else
            {
                Gradient[i] = Dot.OfRegisters(line, _product);
            }
        }

        if (dense is null)
        {
            DistanceKernels<TKernel>.Gram(_jacobian, side.Padded, Gram);
        }
        else
        {
            DenseGram();
        }

        for (int i = 0; prior is not null && i < state.Length; i++)
        {
            double ridge = _priorShare * prior.Ridge[i];
            Gram[(i * state.Length) + i] += ridge;
            Gradient[i] += ridge * (state[i] - prior.Centre[i]);
        }

        return cost + (_priorShare * (prior?.Energy(state) ?? 0));
    }

    /// <summary>Values to errors, times their roots; H times them for a full H.</summary>
    private double Finish()
    {
        Lines.SubtractMultiply(_error, _target, side.Roots, _error);
        if (dense is null)
        {
            return Dot.OfRegisters(_error, _error);
        }

        Apply(_error, _product);
        return Dot.OfRegisters(_error, _product);
    }

    private void DenseGram()
    {
        int size = Gradient.Length;
        for (int i = 0; i < size; i++)
        {
            Apply(_jacobian.AsSpan(i * side.Padded, side.Padded), _weighted.AsSpan(i * side.Padded, side.Padded));
            for (int j = 0; j <= i; j++)
            {
                Gram[(i * size) + j] = Dot.OfRegisters(
                    _weighted.AsSpan(i * side.Padded, side.Padded), _jacobian.AsSpan(j * side.Padded, side.Padded));
            }
        }
    }

    private void Apply(ReadOnlySpan<float> vector, Span<float> product)
    {
        for (int n = 0; n < side.Partners; n++)
        {
            product[n] = (float)Dot.OfRegisters(dense.AsSpan(n * side.Padded, side.Padded), vector);
        }
    }
}
