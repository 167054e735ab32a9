using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn;
using FlatLearning.Kernels.Lut;

namespace FlatLearning.Kernels.Int8;

/// <summary>
/// What the look-up product in whole numbers needs of a weight. All taps of input k fold into one table t_k[z] = sum
/// over t of x[k+t] · codebook[t][z], as in <see cref="BlockLutTables"/>, rounded to 16-bit whole numbers of a unit
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

    private Avx512Int16Codes(Avx512LutCodes windows)
    {
        Windows = windows;
        Largest = new float[windows.Taps];
        for (int i = 0; i < windows.Codebook.Length; i++)
        {
            ref float largest = ref Largest[i / Avx512LutCodes.Entries];
            largest = MathF.Max(largest, MathF.Abs(windows.Codebook[i]));
        }
    }

    /// <summary>The codes.</summary>
    public Avx512LutCodes Windows { get; }

    /// <summary>[taps], the largest magnitudes of the codebook.</summary>
    public float[] Largest { get; }

    /// <summary>Sums of a window, one register of floats each.</summary>
    public int Sums => 2 * Windows.Fields;

    /// <summary>
    /// The most rows that are multiplied this way: each costs a pass over the codes, 0.12 ms (2 bits), 0.3 (3) and 0.19
    /// (4) for 4,096 x 4,096 weights in cache on one core, while the fused product decodes once for several; see
    /// <see cref="Avx512LutCodes.MaxRows"/>.
    /// </summary>
    public int MaxRows => (Windows.Bits, Windows.Taps) switch
    {
        (2, 1) => 8,
        (2, _) => 12,
        (4, 1) => 3,
        (4, _) => 8,
        (_, 1) => 2,
        _ => 6,
    };

    /// <summary>The tables, or null where weight or processor do not suit.</summary>
    public static Avx512Int16Codes? TryCreate(DynWeight weight) =>
        Avx512BW.IsSupported && Avx512LutCodes.TryCreate(weight) is { } windows ? new Avx512Int16Codes(windows) : null;
}
