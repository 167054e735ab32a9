using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Tournament;

/// <summary>
/// What chance leaves open about a difference of two models: the percentile bootstrap, which draws the parts that both
/// were measured on with replacement.
/// </summary>
/// <param name="Low">The lower end of the 95 % interval.</param>
/// <param name="High">Its upper end.</param>
internal sealed record PairedInterval(double Low, double High)
{
    private const int Draws = 2000;
    private const double Tail = 0.025;
    private const int Seed = 17;

    /// <summary>The interval of a sum of differences.</summary>
    /// <param name="first">What each part adds to one model's loss.</param>
    /// <param name="second">The same for the other, which is subtracted.</param>
    public static PairedInterval Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        int count = Math.Min(first.Count, second.Count);
        if (count == 0)
        {
            return new PairedInterval(0, 0);
        }

        SampleGenerator random = new(Seed, count);
        double[] sums = new double[Draws];
        for (int draw = 0; draw < Draws; draw++)
        {
            for (int i = 0; i < count; i++)
            {
                int part = (int)random.Below(count);
                sums[draw] += first[part] - second[part];
            }
        }

        Array.Sort(sums);
        return new PairedInterval(sums[(int)(Tail * Draws)], sums[(int)((1 - Tail) * Draws) - 1]);
    }
}
