namespace FlatLearning.Dyn.Metrics;

/// <summary>
/// The RieM metric (Flat Learning, ICML 2024):
/// beta + sum_m v[m] sum_r sigmoid(A[r,m,:]·(p + S_r q) + c[r,m]), S_r a cyclic left shift by floor(r d / R).
/// </summary>
public sealed class RiemMetric : Metric
{
    private readonly int _matrixLength;

    /// <summary>Creates the metric. Throws <see cref="DynFormatException"/> when sizes disagree.</summary>
    /// <param name="states">States with d coordinates and a [4, d] range.</param>
    /// <param name="parameters">A [R, M, d], c [R, M], v [M], beta: R·M·d + R·M + M + 1 values.</param>
    /// <param name="shifts">R, 1 to d.</param>
    /// <param name="width">M, 1 to <see cref="Metric.MaxWidth"/>.</param>
    public RiemMetric(MetricStates states, ParameterTensor parameters, int shifts, int width)
        : base(states, parameters)
    {
        int d = states.Coordinates;
        if (d > MaxStateDim || shifts < 1 || shifts > d || width is < 1 or > MaxWidth)
        {
            throw new DynFormatException(
                $"riem needs 1 to {MaxStateDim} coordinates, no more shifts than coordinates and a width of 1 to "
                    + $"{MaxWidth}, found {d} coordinates, {shifts} shifts and width {width}");
        }

        long expected = ParameterCount(d, shifts, width);
        if (parameters.Values.Length != expected || states.Range.Shape[0] != 4)
        {
            throw new DynFormatException(
                $"riem with {d} coordinates, {shifts} shifts and width {width} needs {expected} metric parameters "
                    + $"and a state_range of [4, {d}], found {parameters.Values.Length} and "
                    + $"[{string.Join(", ", states.Range.Shape)}]");
        }

        (Shifts, Width) = (shifts, width);
        _matrixLength = shifts * width * d;
    }

    /// <inheritdoc/>
    public override string Kind => MetricKinds.Riem;

    /// <inheritdoc/>
    public override int StateDim => States.Coordinates;

    /// <inheritdoc/>
    public override int Heads => 1;

    /// <inheritdoc/>
    public override int Shifts { get; }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <summary>A, row-major [R, M, d].</summary>
    public ReadOnlySpan<float> A => Parameters.Values.AsSpan(0, _matrixLength);

    /// <summary>c, row-major [R, M].</summary>
    public ReadOnlySpan<float> C => Parameters.Values.AsSpan(_matrixLength, Shifts * Width);

    /// <summary>v [M].</summary>
    public ReadOnlySpan<float> V => Parameters.Values.AsSpan(_matrixLength + (Shifts * Width), Width);

    /// <summary>The constant term.</summary>
    public float Beta => Parameters.Values[^1];

    /// <summary>The number of metric parameters for d coordinates, R shifts and M features per shift.</summary>
    public static long ParameterCount(int stateDim, int shifts, int width) =>
        ((long)shifts * width * (stateDim + 1)) + width + 1;

    /// <summary>floor(r d / R): how far shift r moves the coordinates to the left.</summary>
    public static int ShiftOf(int r, int stateDim, int shifts) => (int)((long)r * stateDim / shifts);

    /// <inheritdoc/>
    public override string Describe() => $"{Kind} d={StateDim} R={Shifts} M={Width}";

    /// <inheritdoc/>
    public override double Evaluate(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        int d = StateDim;
        double sum = Beta;
        for (int r = 0; r < Shifts; r++)
        {
            int shift = ShiftOf(r, d, Shifts);
            for (int m = 0; m < Width; m++)
            {
                int feature = (r * Width) + m;
                double argument = C[feature];
                for (int i = 0; i < d; i++)
                {
                    argument += A[(feature * d) + i] * (p[i] + q[(i + shift) % d]);
                }

                sum += V[m] / (1 + Math.Exp(-argument));
            }
        }

        return sum;
    }
}
