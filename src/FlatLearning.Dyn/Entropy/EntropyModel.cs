namespace FlatLearning.Dyn.Entropy;

/// <summary>
/// Probabilities of a level m under a class and a parity, as whole shares of 2^12: section "Entropy-coded codes" of
/// <c>schemas/DynMatMul.md</c>. Made from additions, multiplications, divisions and square roots in double precision
/// alone, which every machine rounds alike: encoder and decoder must agree to the bit.
/// </summary>
public static class EntropyModel
{
    /// <summary>Bits of a share: shares of one table sum to 2^12.</summary>
    public const int PrecisionBits = 12;

    /// <summary>2^12.</summary>
    public const int Total = 1 << PrecisionBits;

    /// <summary>Levels are -127 to 127; a level that has no share of its own is escaped.</summary>
    public const int MaxLevel = 127;

    /// <summary>The largest difference of a level and its prediction.</summary>
    public const int MaxDifference = (2 * MaxLevel) - 1;

    /// <summary>The place of the escape in a table of shares, whose place for level m is m + 128.</summary>
    public const int Escape = 0;

    /// <summary>Places in a table of shares.</summary>
    public const int Places = 256;

    /// <summary>Bits of an escaped level besides its escape.</summary>
    public const int EscapeBits = 16;

    /// <summary>Number of classes.</summary>
    public const int Classes = 48;

    /// <summary>The class of scale 1; classes are half an octave apart.</summary>
    public const int UnitClass = 16;

    /// <summary>Number of shapes: exponents 1/2, 3/4, ... 2.</summary>
    public const int Shapes = 7;

    /// <summary>Below this share of a slot a level is left to the escape.</summary>
    private const double MinShare = 0.35;

    private const double RootOfTwo = 1.4142135623730951;

    /// <summary>
    /// Taylor terms of 2^-f, (-ln 2)^i / i!: exact to a double's rounding for f below 1 with 18 terms.
    /// </summary>
    private static readonly double[] ExponentialTerms = Terms();

    /// <summary>The class of row class a and column class b.</summary>
    public static int ClassOf(int a, int b) => Math.Clamp(a + b, 0, Classes - 1);

    /// <summary>
    /// Fills a table of shares: level m, of the given parity, has the weight 2^-((|m|/s)^beta) with s = 2^((class -
    /// 16)/2), beta = (shape + 2)/4.
    /// </summary>
    /// <param name="shape">0 to <see cref="Shapes"/> - 1.</param>
    /// <param name="index">The class, 0 to <see cref="Classes"/> - 1.</param>
    /// <param name="parity">0 for even levels, 1 for odd ones.</param>
    /// <param name="shares">[<see cref="Places"/>], overwritten; the sum is <see cref="Total"/>, the escape has 1 or
    /// more.</param>
    public static void Shares(int shape, int index, int parity, Span<int> shares)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(shares.Length, Places);
        double scale = Scale(index - UnitClass);
        Span<double> weights = stackalloc double[Places];
        weights.Clear();
        double sum = 0;
        for (int m = -MaxLevel; m <= MaxLevel; m++)
        {
            if ((m & 1) == parity)
            {
                weights[m + 128] = PowerOfHalf(Power(Math.Abs(m) / scale, shape));
                sum += weights[m + 128];
            }
        }

        shares.Clear();
        (double rest, int used, int best) = (0, 0, parity == 0 ? 128 : 127);
        for (int place = 1; place < Places; place++)
        {
            double share = sum > 0 ? weights[place] / sum * Total : 0;
            if (share < MinShare && place != best)
            {
                rest += share;
            }
            else
            {
                shares[place] = Math.Max(1, (int)(share + 0.5));
                used += shares[place];
                best = shares[place] > shares[best] ? place : best;
            }
        }

        shares[Escape] = Math.Max(1, (int)(rest + 0.5));
        shares[best] += Total - used - shares[Escape];
    }

    private static double Scale(int halves)
    {
        double scale = (halves & 1) != 0 ? RootOfTwo : 1;
        int octaves = halves >> 1;
        for (int i = 0; i < Math.Abs(octaves); i++)
        {
            scale = octaves > 0 ? scale * 2 : scale / 2;
        }

        return scale;
    }

    /// <summary>u^((shape + 2) / 4), from square roots.</summary>
    private static double Power(double u, int shape)
    {
        double root = Math.Sqrt(u);
        double fourth = Math.Sqrt(root);
        int quarters = shape + 2;
        double power = 1;
        power = (quarters & 1) != 0 ? power * fourth : power;
        power = (quarters & 2) != 0 ? power * root : power;
        power = (quarters & 4) != 0 ? power * u : power;
        return (quarters & 8) != 0 ? power * u * u : power;
    }

    /// <summary>2^-t for t of 0 or more; 0 beyond any share.</summary>
    private static double PowerOfHalf(double t)
    {
        if (t >= 64)
        {
            return 0;
        }

        int whole = (int)t;
        double rest = t - whole;
        double value = 0;
        for (int i = ExponentialTerms.Length - 1; i >= 0; i--)
        {
            double product = value * rest;
            value = product + ExponentialTerms[i];
        }

        return value / (1L << Math.Min(whole, 62)) / (whole > 62 ? 2 : 1);
    }

    private static double[] Terms()
    {
        const double LogarithmOfTwo = 0.6931471805599453;
        double[] terms = new double[18];
        terms[0] = 1;
        for (int i = 1; i < terms.Length; i++)
        {
            terms[i] = terms[i - 1] * -LogarithmOfTwo / i;
        }

        return terms;
    }
}
