using FlatLearning.Dyn.Entropy;

namespace FlatLearning.Fitting.Entropy;

/// <summary>Bits of every level under every class and parity of one shape, in float32 for the encoder's inner loops.</summary>
internal sealed class LevelRates
{
    /// <summary>Bits that no path can afford: of levels of the other parity, and beyond the range.</summary>
    public const float Impossible = 1e6f;

    private static readonly LevelRates?[] Cache = new LevelRates?[EntropyModel.Shapes];

    private LevelRates(int shape)
    {
        ShareTable shares = new(shape);
        Bits = new float[EntropyModel.Classes * 2 * EntropyModel.Places];
        Array.Fill(Bits, Impossible);
        for (int index = 0; index < EntropyModel.Classes; index++)
        {
            for (int level = -EntropyModel.MaxLevel; level <= EntropyModel.MaxLevel; level++)
            {
                int parity = level & 1;
                Bits[Offset(index, parity) + level] = (float)shares.Bits(index, parity, level);
            }
        }
    }

    /// <summary>[classes, 2, 256]; level m at m + 128.</summary>
    public float[] Bits { get; }

    /// <summary>The tables of a shape, made once.</summary>
    public static LevelRates Of(int shape) => Cache[shape] ??= new LevelRates(shape);

    /// <summary>Where level 0 of a class and parity is.</summary>
    public static int Offset(int index, int parity) => (((index * 2) + parity) * EntropyModel.Places) + 128;
}
