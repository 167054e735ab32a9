namespace FlatLearning.Numerics;

/// <summary>How far numbers are from others.</summary>
public static class RelativeSquares
{
    /// <summary>||v - w||² / ||v||² in double precision; 0 where v is zero.</summary>
    /// <param name="values">v.</param>
    /// <param name="others">w, as many or more.</param>
    public static double Error(ReadOnlySpan<float> values, ReadOnlySpan<float> others)
    {
        (double error, double energy) = (0, 0);
        for (int i = 0; i < values.Length; i++)
        {
            double difference = (double)values[i] - others[i];
            error += difference * difference;
            energy += (double)values[i] * values[i];
        }

        return energy > 0 ? error / energy : 0;
    }
}
