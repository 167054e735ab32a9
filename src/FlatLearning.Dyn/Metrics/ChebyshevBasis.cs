namespace FlatLearning.Dyn.Metrics;

/// <summary>
/// The polynomials on [-1, 1] that are 1 at one Chebyshev node of the first kind and 0 at the others, in double
/// precision.
/// </summary>
internal sealed class ChebyshevBasis
{
    private readonly double[] _cosines;
    private readonly double[] _degrees;
    private readonly double[] _cardinal;

    /// <summary>Prepares the basis.</summary>
    /// <param name="terms">J, the number of nodes.</param>
    public ChebyshevBasis(int terms)
    {
        _cosines = new double[terms * terms];
        _degrees = new double[terms];
        _cardinal = new double[terms];
        for (int i = 0; i < terms; i++)
        {
            for (int j = 0; j < terms; j++)
            {
                _cosines[(i * terms) + j] = Math.Cos(j * Angle(i)) * (j == 0 ? 1 : 2) / terms;
            }
        }
    }

    /// <summary>Node i, cos((2i + 1)π / 2J).</summary>
    public double Node(int i) => Math.Cos(Angle(i));

    /// <summary>All J polynomials at t; the span is overwritten by the next call.</summary>
    public ReadOnlySpan<double> Cardinal(double t)
    {
        double angle = Math.Acos(Math.Clamp(t, -1, 1));
        for (int j = 0; j < _degrees.Length; j++)
        {
            _degrees[j] = Math.Cos(j * angle);
        }

        for (int i = 0; i < _cardinal.Length; i++)
        {
            double sum = 0;
            ReadOnlySpan<double> row = _cosines.AsSpan(i * _degrees.Length, _degrees.Length);
            for (int j = 0; j < row.Length; j++)
            {
                sum += row[j] * _degrees[j];
            }

            _cardinal[i] = sum;
        }

        return _cardinal;
    }

    private double Angle(int i) => Math.PI * (i + 0.5) / _cardinal.Length;
}
