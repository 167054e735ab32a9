using System.Numerics.Tensors;
using FlatLearning.Fitting;

namespace FlatLearning.Onnx.Evaluation.Sensitivity;

/// <summary>
/// Adds up the second moment E[x xᵀ] of the vectors x that multiply a weight; its diagonal alone where the whole would
/// take too much memory.
/// </summary>
/// <param name="rows">K.</param>
/// <param name="full">Whether the whole matrix is kept: 8 K² bytes.</param>
internal sealed class InputMoment(int rows, bool full)
{
    private readonly double[] _sums = new double[full ? (long)rows * rows : rows];

    /// <summary>Vectors seen.</summary>
    public long Count { get; private set; }

    /// <summary>Adds vectors, row-major [any, K]; those that are not finite are left out.</summary>
    public void Add(ReadOnlySpan<double> x)
    {
        for (int m = 0; m + rows <= x.Length; m += rows)
        {
            ReadOnlySpan<double> vector = x.Slice(m, rows);
            if (!double.IsFinite(TensorPrimitives.SumOfSquares(vector)))
            {
                continue;
            }

            Count++;
            if (!full)
            {
                TensorPrimitives.MultiplyAdd(vector, vector, _sums, _sums);
                continue;
            }

            for (int i = 0; i < rows; i++)
            {
                if (vector[i] != 0)
                {
                    Span<double> line = _sums.AsSpan(i * rows, rows);
                    TensorPrimitives.MultiplyAdd(vector, vector[i], line, line);
                }
            }
        }
    }

    /// <summary>H; the identity where nothing was seen.</summary>
    /// <param name="ridge">See <see cref="Hessian.Ridge"/>.</param>
    public Hessian Weight(double ridge) =>
        full ? Hessian.Full(_sums, rows, ridge) : Hessian.Diagonal(_sums, ridge);
}
