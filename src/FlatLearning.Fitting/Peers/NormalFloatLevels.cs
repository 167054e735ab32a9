using MathNet.Numerics.Distributions;

namespace FlatLearning.Fitting.Peers;

/// <summary>
/// The levels of the normal-float types (QLoRA, Dettmers et al. 2023, section 3): quantiles of the standard normal
/// distribution at equally spaced probabilities, one more of them positive than negative beside an exact zero, divided
/// by the largest so that they span -1 to 1.
/// </summary>
internal static class NormalFloatLevels
{
    /// <summary>
    /// The outermost probability. The levels sit at the middles of equally probable cells, for which one side has
    /// 2^(b-1) and the other 2^(b-1) - 1 levels; the published offset is the mean of both sides' outermost probability,
    /// 0.9677083 with 4 bits.
    /// </summary>
    public static double OutermostProbability(int bits)
    {
        double levels = 1 << bits;
        return 1 - (((1 / (2 * levels)) + (1 / (2 * (levels - 1)))) / 2);
    }

    /// <summary>2^b levels in ascending order.</summary>
    public static double[] Of(int bits)
    {
        int half = 1 << (bits - 1);
        double outermost = OutermostProbability(bits);
        double[] levels = new double[2 * half];
        double largest = Normal.InvCDF(0, 1, outermost);
        for (int i = 0; i < half; i++)
        {
            levels[half + i] = Normal.InvCDF(0, 1, 0.5 + ((outermost - 0.5) * (i + 1) / half)) / largest;
        }

        for (int i = 0; i < half - 1; i++)
        {
            levels[i] = -Normal.InvCDF(0, 1, outermost - ((outermost - 0.5) * i / (half - 1))) / largest;
        }

        levels[half - 1] = 0;
        return levels;
    }
}
