using System.Numerics.Tensors;
using FlatLearning.Numerics;

namespace FlatLearning.Benchmarks.Published;

/// <summary>
/// Loss sum (f - t)² of the published model and its gradient, in float32 on SIMD and several threads: the derivation is
/// that of docs/derivations/riem-jacobian.md. The result depends on the number of threads in its last digits only.
/// </summary>
internal sealed class PublishedKernel
{
    /// <summary>
    /// e^43 squared is still a number of float32. Arguments are balanced between rows and columns first; where they
    /// still go beyond, exponentials are taken per element.
    /// </summary>
    private const float ArgumentLimit = 43f;

    private readonly PublishedShape _shape;
    private readonly int _threads;
    private readonly RowPass[] _passes;
    private readonly AlignedArray _target;
    private readonly AlignedArray _rotated;
    private readonly AlignedArray _rowPanel;
    private readonly AlignedArray _columnPanel;
    private readonly AlignedArray _rowTerms;
    private readonly AlignedArray _weights;
    private readonly AlignedArray _rowSums;
    private readonly int _blocks;

    /// <summary>Prepares for a matrix, row-major [rows, columns].</summary>
    public PublishedKernel(PublishedShape shape, ReadOnlySpan<float> target, int threads)
    {
        (_shape, _threads) = (shape, threads);
        _blocks = (shape.Rows + RowPass.Rows - 1) / RowPass.Rows;
        _target = new AlignedArray(_blocks * RowPass.Rows * shape.PaddedColumns);
        for (int k = 0; k < shape.Rows; k++)
        {
            target.Slice(k * shape.Columns, shape.Columns).CopyTo(_target.Span[(k * shape.PaddedColumns)..]);
        }

        _passes = [.. Enumerable.Range(0, threads).Select(_ => new RowPass(shape))];
        _rotated = new AlignedArray(shape.Features * shape.StateDim);
        _rowPanel = new AlignedArray(shape.Features * shape.PaddedRows);
        _columnPanel = new AlignedArray(shape.Features * shape.PaddedColumns);
        _rowTerms = new AlignedArray(shape.Features * _blocks * RowPass.Rows);
        _weights = new AlignedArray(shape.Features);
        _rowSums = new AlignedArray(shape.Features * shape.PaddedRows);
    }

    /// <summary>The loss at theta; <paramref name="gradient"/> is overwritten with its gradient.</summary>
    public double Loss(AlignedArray theta, AlignedArray gradient)
    {
        Forward(theta);
        ForSlices(_shape.Features, (_, features) => FeatureGradients(theta, gradient, features));
        ForSlices(_shape.StateDim, (_, coordinates) => StateGradients(theta, gradient, coordinates));
        return LinearGradients(gradient);
    }

    /// <summary>Mean absolute difference from the matrix at theta.</summary>
    public double MeanAbsolute(AlignedArray theta)
    {
        Forward(theta);
        return _passes.Sum(pass => pass.Absolute) / ((double)_shape.Rows * _shape.Columns);
    }

    private void Forward(AlignedArray theta)
    {
        for (int f = 0; f < _shape.Features; f++)
        {
            _weights.At(f) = theta.At(_shape.V + (f % _shape.Width));
        }

        ForSlices(_shape.Features, (_, features) => Arguments(theta, features));
        bool wide = TensorPrimitives.MaxMagnitude<float>(_rowPanel.Span) is > ArgumentLimit or < -ArgumentLimit
            || TensorPrimitives.MaxMagnitude<float>(_columnPanel.Span) is > ArgumentLimit or < -ArgumentLimit;
        ForSlices(_shape.Features, (_, features) => Exponentials(features, wide));
        TileInputs inputs = new(theta, _rowTerms, _columnPanel, _weights, _target, wide);
        ForSlices(_blocks, (slice, blocks) =>
        {
            _passes[slice].Clear();
            for (int block = blocks.Start.Value; block < blocks.End.Value; block++)
            {
                _passes[slice].Run(block, inputs, _rowSums);
            }
        });
    }

    /// <summary>
    /// -a and -b for a = A P + c and b = B Q with B_f the weights A_f moved by the shift; a constant goes from a to b,
    /// so that both are small.
    /// </summary>
    private void Arguments(AlignedArray theta, Range features)
    {
        PublishedShape s = _shape;
        for (int f = features.Start.Value; f < features.End.Value; f++)
        {
            int shift = s.ShiftOf(f / s.Width);
            for (int i = 0; i < s.StateDim; i++)
            {
                _rotated.At((f * s.StateDim) + ((i + shift) % s.StateDim)) = theta.At(s.A + (f * s.StateDim) + i);
            }
        }

        PublishedPanels.Product(
            new PanelWeights(theta, s.A, s.StateDim, s.StateDim, 1) { Starts = s.C }, theta, 0, _rowPanel, 0,
            s.PaddedRows, features);
        PublishedPanels.Product(
            new PanelWeights(_rotated, 0, s.StateDim, s.StateDim, 1), theta, s.Q, _columnPanel, 0, s.PaddedColumns,
            features);
        for (int f = features.Start.Value; f < features.End.Value; f++)
        {
            Span<float> a = _rowPanel.Span.Slice(f * s.PaddedRows, s.PaddedRows);
            Span<float> b = _columnPanel.Span.Slice(f * s.PaddedColumns, s.PaddedColumns);
            ReadOnlySpan<float> used = a[..s.Rows];
            float middle = (TensorPrimitives.Min(used) + TensorPrimitives.Max(used)) / 2;
            TensorPrimitives.Subtract(middle, a, a);
            TensorPrimitives.Subtract(-middle, b, b);
        }
    }

    /// <summary>
    /// Puts the rows' terms into blocks of four; terms become their exponentials unless they are wide.
    /// </summary>
    private void Exponentials(Range features, bool wide)
    {
        PublishedShape s = _shape;
        for (int f = features.Start.Value; f < features.End.Value; f++)
        {
            Span<float> a = _rowPanel.Span.Slice(f * s.PaddedRows, s.PaddedRows);
            Span<float> b = _columnPanel.Span.Slice(f * s.PaddedColumns, s.PaddedColumns);
            if (!wide)
            {
                ElementWise.Exp(a, a);
                ElementWise.Exp(b, b);
            }

            for (int k = 0; k < _blocks * RowPass.Rows; k++)
            {
                _rowTerms.At((((k / RowPass.Rows * s.Features) + f) * RowPass.Rows) + (k % RowPass.Rows)) = a[k];
            }
        }
    }

    /// <summary>Gradients of A and c, and sums of the columns over the passes, scaled by 2 v.</summary>
    private void FeatureGradients(AlignedArray theta, AlignedArray gradient, Range features)
    {
        PublishedShape s = _shape;
        Span<float> rotated = stackalloc float[s.StateDim];
        for (int f = features.Start.Value; f < features.End.Value; f++)
        {
            float scale = 2 * _weights.At(f);
            Span<float> rows = _rowSums.Span.Slice(f * s.PaddedRows, s.PaddedRows);
            Span<float> columns = _passes[0].ColumnSums.Span.Slice(f * s.PaddedColumns, s.PaddedColumns);
            foreach (RowPass pass in _passes.AsSpan(1))
            {
                TensorPrimitives.Add(
                    columns, pass.ColumnSums.Span.Slice(f * s.PaddedColumns, s.PaddedColumns), columns);
            }

            TensorPrimitives.Multiply(rows, scale, rows);
            TensorPrimitives.Multiply(columns, scale, columns);
            Span<float> own = gradient.Span.Slice(s.A + (f * s.StateDim), s.StateDim);
            PublishedPanels.Inner(_rowSums, f * s.PaddedRows, theta, 0, s.PaddedRows, own);
            PublishedPanels.Inner(_passes[0].ColumnSums, f * s.PaddedColumns, theta, s.Q, s.PaddedColumns, rotated);
            int shift = s.ShiftOf(f / s.Width);
            for (int i = 0; i < s.StateDim; i++)
            {
                own[i] += rotated[(i + shift) % s.StateDim];
            }

            gradient.At(s.C + f) = TensorPrimitives.Sum<float>(rows);
        }
    }

    private void StateGradients(AlignedArray theta, AlignedArray gradient, Range coordinates)
    {
        PublishedShape s = _shape;
        PublishedPanels.Product(
            new PanelWeights(theta, s.A, s.Features, 1, s.StateDim), _rowSums, 0, gradient, 0, s.PaddedRows,
            coordinates);
        PublishedPanels.Product(
            new PanelWeights(_rotated, 0, s.Features, 1, s.StateDim), _passes[0].ColumnSums, 0, gradient, s.Q,
            s.PaddedColumns, coordinates);
    }

    private double LinearGradients(AlignedArray gradient)
    {
        PublishedShape s = _shape;
        gradient.Span.Slice(s.V, s.Width).Clear();
        for (int f = 0; f < s.Features; f++)
        {
            gradient.At(s.V + (f % s.Width)) += 2 * _passes.Sum(pass => pass.WeightSum(f));
        }

        gradient.At(s.Beta) = (float)(2 * _passes.Sum(pass => pass.Sum));
        return _passes.Sum(pass => pass.Squared);
    }

    /// <summary>Calls the action with equal parts of [0, count), one per thread.</summary>
    private void ForSlices(int count, Action<int, Range> action)
    {
        if (_threads == 1)
        {
            action(0, 0..count);
            return;
        }

        Parallel.For(0, _threads, slice => action(slice, (count * slice / _threads)..(count * (slice + 1) / _threads)));
    }
}
