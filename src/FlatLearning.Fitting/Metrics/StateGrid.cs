using FlatLearning.Dyn;

namespace FlatLearning.Fitting.Metrics;

/// <summary>The levels of one state coordinate: minimum + step · code, both as stored in float16 or float32.</summary>
internal readonly record struct StateGrid(float Minimum, float Step, int Levels)
{
    /// <summary>Below this a step has less than float16's 11 bits.</summary>
    private const float MinHalfStep = 6.2e-5f;

    /// <summary>
    /// Shares of the full range that are tried; the fewer the bits, the more a few far states cost all others.
    /// </summary>
    private static readonly double[] Shares = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5];

    /// <summary>
    /// The grid, of several narrower ones around the middle of the values, with the smallest weighted squared error of
    /// rounding.
    /// </summary>
    public static StateGrid Fitted(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int bits)
    {
        (float low, float high) = Range(values);
        StateGrid best = Make(low, high, bits);
        double min = best.Error(values, weights);
        foreach (double lower in Shares)
        {
            foreach (double upper in Shares)
            {
                float middle = (low + high) / 2;
                StateGrid grid =
                    Make((float)(middle - (lower * (middle - low))), (float)(middle + (upper * (high - middle))), bits);
                double error = grid.Error(values, weights);
                if (error < min)
                {
                    (best, min) = (grid, error);
                }
            }
        }

        return best;
    }

    /// <summary>16 bits where all minima and steps are such numbers, else 32.</summary>
    public static ParameterType TypeFor(ReadOnlySpan<float> range)
    {
        foreach (float value in range)
        {
            if ((float)(Half)value != value)
            {
                return ParameterType.Float32;
            }
        }

        return ParameterType.Float16;
    }

    /// <summary>The nearest code.</summary>
    public byte Encode(float value) =>
        Step > 0 ? (byte)Math.Clamp((int)MathF.Round((value - Minimum) / Step), 0, Levels - 1) : (byte)0;

    /// <summary>The value of a code.</summary>
    public float Decode(byte code) => Minimum + (Step * code);

    private static (float Low, float High) Range(ReadOnlySpan<float> values)
    {
        (float low, float high) = (values[0], values[0]);
        foreach (float value in values)
        {
            low = MathF.Min(low, value);
            high = MathF.Max(high, value);
        }

        return (low, high);
    }

    private static StateGrid Make(float low, float high, int bits)
    {
        int levels = 1 << bits;
        float step = (high - low) / (levels - 1);
        bool fits = MathF.Max(MathF.Abs(low), MathF.Abs(high)) < 60000f && (step == 0 || step > MinHalfStep);
        return fits ? new StateGrid((float)(Half)low, (float)(Half)step, levels) : new StateGrid(low, step, levels);
    }

    private double Error(ReadOnlySpan<float> values, ReadOnlySpan<float> weights)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double difference = values[i] - Decode(Encode(values[i]));
            sum += weights[i] * difference * difference;
        }

        return sum;
    }
}
