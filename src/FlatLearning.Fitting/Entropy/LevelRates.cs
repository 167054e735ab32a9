using FlatLearning.Dyn.Entropy;

namespace FlatLearning.Fitting.Entropy;

/// <summary>
/// Bits of every difference of a level and its prediction under every class and parity of one shape, in float32 for the
/// encoder's inner loops.
/// </summary>
internal sealed class LevelRates
{
    /// <summary>Bits that no path can afford: of levels of the other parity, and beyond the range.</summary>
    public const float Impossible = 1e6f;

    /// <summary>Places of a class and parity.</summary>
    public const int Places = 512;

    private static readonly LevelRates?[] Cache = new LevelRates?[EntropyModel.Shapes];

    private LevelRates(int shape)
    {
        ShareTable shares = new(shape);
        Bits = new float[EntropyModel.Classes * 2 * Places];
        Array.Fill(Bits, Impossible);
        for (int index = 0; index < EntropyModel.Classes; index++)
        {
            for (int difference = -EntropyModel.MaxDifference; difference <= EntropyModel.MaxDifference; difference++)
            {
                int parity = difference & 1;
                Bits[Offset(index, parity) + difference] = (float)shares.Bits(index, parity, difference);
            }
        }
    }

    /// <summary>[classes, 2, 512]; difference d at d + 256.</summary>
    public float[] Bits { get; }

    /// <summary>The tables of a shape, made once.</summary>
    public static LevelRates Of(int shape) => Cache[shape] ??= new LevelRates(shape);

    /// <summary>Where difference 0 of a class and parity is.</summary>
    public static int Offset(int index, int parity) => (((index * 2) + parity) * Places) + (Places / 2);
}
