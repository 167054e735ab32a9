namespace FlatLearning.Fitting.Metrics;

/// <summary>The levels of one state coordinate: minimum + step · code, both as stored in float16 or float32.</summary>
internal readonly record struct StateGrid(float Minimum, float Step, int Levels)
{
    /// <summary>The grid from the smallest to the largest value; step 0 when all are equal.</summary>
    public static StateGrid Spanning(ReadOnlySpan<float> values, int bits)
    {
        (float low, float high) = (values[0], values[0]);
        foreach (float value in values)
        {
            low = MathF.Min(low, value);
            high = MathF.Max(high, value);
        }

        int levels = 1 << bits;
        return new StateGrid((float)(Half)low, (float)(Half)((high - low) / (levels - 1)), levels);
    }

    /// <summary>The nearest code.</summary>
    public byte Encode(float value) => Step > 0 ? (byte)Math.Clamp((int)MathF.Round((value - Minimum) / Step), 0, Levels - 1) : (byte)0;

    /// <summary>The value of a code.</summary>
    public float Decode(byte code) => Minimum + (Step * code);
}
