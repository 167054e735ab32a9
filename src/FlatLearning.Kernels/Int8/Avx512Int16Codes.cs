using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.Lut;

namespace FlatLearning.Kernels.Int8;

/// <summary>
/// What the look-up product in whole numbers needs of a weight. All taps of input k fold into one table t_k[z] = sum
/// over t of x[k+t] · codebook[t][z], as in <see cref="Avx512PermuteLut"/>, rounded to 16-bit whole numbers of a unit
/// that each row of x has for every <see cref="BlockInputs"/> inputs. One permutation then looks up 32 columns, and
/// sums of a block are exact.
/// </summary>
internal sealed class Avx512Int16Codes
{
    /// <summary>Inputs that share a unit.</summary>
    public const int BlockInputs = 32;

    /// <summary>
    /// The magnitudes of a block's entries add up to this at most before they are rounded, and each rounding adds half:
    /// below 2^15.
    /// </summary>
    public const float MaxSum = 32700;

    private Avx512Int16Codes(Avx512LutCodes lut)
    {
        Lut = lut;
        Largest = new float[lut.Taps];
        for (int i = 0; i < lut.Codebook.Length; i++)
        {
            ref float largest = ref Largest[i / Avx512LutCodes.Entries];
            largest = MathF.Max(largest, MathF.Abs(lut.Codebook[i]));
        }
    }

    /// <summary>The codes.</summary>
    public Avx512LutCodes Lut { get; }

    /// <summary>[taps], the largest magnitudes of the codebook.</summary>
    public float[] Largest { get; }

    /// <summary>Sums of a strip, one register of floats each.</summary>
    public int Sums => 2 * Lut.Fields;

    /// <summary>The codes, or null where they do not suit.</summary>
    public static Avx512Int16Codes? TryCreate(TableCodes codes) =>
        Avx512LutCodes.TryCreate(codes) is { } lut ? new Avx512Int16Codes(lut) : null;
}
