namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// How a matrix is brought to mean 0 and standard deviation 1, in double precision; a constant one to mean 0 alone.
/// </summary>
internal readonly record struct Normalisation(double Mean, double Unit)
{
    /// <summary>Mean and deviation of a matrix, safe for values from 1e-30 to 1e30 and beyond.</summary>
    public static Normalisation Of(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        double mean = sum / values.Length;
        double squares = 0;
        foreach (float value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        double deviation = Math.Sqrt(squares / values.Length);
        return new Normalisation(
            mean, deviation > 1e-6 * Math.Abs(mean) ? deviation : Math.Abs(mean) > 0 ? Math.Abs(mean) : 1);
    }

    /// <summary>(value - mean) / unit, in place.</summary>
    public void Apply(Span<float> values)
    {
        foreach (ref float value in values)
        {
            value = (float)((value - Mean) / Unit);
        }
    }

    /// <summary>v or beta of the matrix itself.</summary>
    public float Linear(float normalised, bool isConstant) => (float)((normalised * Unit) + (isConstant ? Mean : 0));

    /// <summary>The reverse of <see cref="Linear"/>.</summary>
    public float LinearBack(float value, bool isConstant) => (float)((value - (isConstant ? Mean : 0)) / Unit);
}
