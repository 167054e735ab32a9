namespace FlatLearning.Onnx.Sensitivity;

/// <summary>
/// Random numbers that are the same on every machine and .NET version: SplitMix64 (Steele, Lea, Flood 2014, figure 3)
/// and the Box-Muller transform.
/// </summary>
internal sealed class SampleGenerator
{
    private ulong _state;

    /// <summary>A stream of its own for each combination of keys.</summary>
    public SampleGenerator(params ReadOnlySpan<long> keys)
    {
        foreach (long key in keys)
        {
            _state = Mix(_state + unchecked((ulong)key) + 0x9E3779B97F4A7C15);
        }
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, limit).</summary>
    public long Below(long limit) => (long)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>Standard normal.</summary>
    public double Normal()
    {
        double u = 1 - Uniform();
        return Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * Uniform());
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
