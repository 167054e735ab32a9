using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Ends;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// Codes of 2, 3 and 4 bits as nibbles of wide lanes, for look-ups by permutation, which ignores all but the low bits
/// of an index: a shift brings the next nibble down, and nothing is unpacked. A nibble holds one 4-bit code; or one
/// 3-bit code, put together from both planes; or the 2-bit codes of two neighbouring inputs. A window is 32 bytes of
/// the first plane of a group.
/// </summary>
internal sealed class Avx512LutCodes
{
    /// <summary>Bytes of a window.</summary>
    public const int Bytes = 32;

    /// <summary>Entries of a table.</summary>
    public const int Entries = 16;

    private readonly PackedCodes _packed;
    private readonly int _windowsOfGroup;

    private Avx512LutCodes(DynWeight weight)
    {
        _packed = weight.Codes!;
        CodeTable table = new(weight.Codebook!);
        (Bits, Taps, Codebook) = (table.Bits, table.Taps, table.Values);
        PlaneBytes = CodeLayout.PlaneWidth(Bits, 0) * _packed.Layout.GroupWidth / 8;
        _windowsOfGroup = (PlaneBytes + Bytes - 1) / Bytes;
        SecondCodebook = new float[Codebook.Length];
        for (int i = 0; i < Codebook.Length; i++)
        {
            SecondCodebook[i] = Codebook[(i / Entries * Entries) + (i % Entries / 4)];
        }
    }

    /// <summary>b: 2, 3 or 4.</summary>
    public int Bits { get; }

    /// <summary>T.</summary>
    public int Taps { get; }

    /// <summary>[taps, 16], shorter tables repeated.</summary>
    public float[] Codebook { get; }

    /// <summary>[taps, 16] for the upper half of a nibble of two 2-bit codes: entry z >> 2 at z.</summary>
    public float[] SecondCodebook { get; }

    /// <summary>Bytes of the first plane of a row of a group.</summary>
    public int PlaneBytes { get; }

    /// <summary>
    /// Inputs that share a table of 16 entries: two 2-bit codes make one index, and two 3-bit codes lie side by side
    /// with a fourth bit that says which.
    /// </summary>
    public int InputsOfTable => Bits == 4 ? 1 : 2;

    /// <summary>Tables of K inputs.</summary>
    public int Tables => (Layout.Rows + InputsOfTable - 1) / InputsOfTable;

    /// <summary>Fields of a byte of the first plane: columns that are <see cref="PlaneBytes"/> apart.</summary>
    public int Fields => Bits == 4 ? 2 : 4;

    /// <summary>
    /// The most rows that are multiplied in float32 by look-up, a look-up each and two rows at a time; the fused
    /// product and panels decode once for several rows, but every tap costs them a look-up. 1,024 x 1,024 weights in
    /// cache, one core, us for 2, 4, 8 and 12 rows. One tap of 4 bits: look-up 35, 69, 138, 202, fused 31, 47, 91, 127,
    /// panels 84, 101, 139, 179. Four taps of 4 bits: 38, 74, 145, 217, fused 80, 96, 185, 223, panels 139, 157, 197,
    /// 232. Two taps of 3 bits: 43, 79, 149, 223, fused 67, 111, 219, 327, panels 117, 134, 172, 209. One tap of 2
    /// bits: 23, 41, 78, 114, fused 31, 49, 95, 130. (Before two rows shared shifts, which took a seventh off.)
    /// </summary>
    public int MaxRows => (Bits, Taps) switch
    {
        (2, 1) => 12,
        (2, _) => 16,
        (3, 1) => 2,
        (3, _) => 10,
        (_, 1) => 1,
        (_, 2) => 2,
        (_, 3) => 10,
        _ => 12,
    };

    /// <summary>Windows of all groups.</summary>
    public int Count => _packed.Layout.Groups * _windowsOfGroup;

    /// <summary>The codes.</summary>
    public ReadOnlySpan<byte> Blob => _packed.Bytes.Span;

    /// <summary>Their layout.</summary>
    public CodeLayout Layout => _packed.Layout;

    /// <summary>
    /// The windows, or null where the weight's groups do not suit: too narrow, or for 3 bits not of 128 columns; an odd
    /// number of inputs for 2 bits.
    /// </summary>
    public static Avx512LutCodes? TryCreate(DynWeight weight)
    {
        if (weight.Metric is not null || weight.Codebook is not { IsWindow: false, Bits: 2 or 3 or 4 })
        {
            return null;
        }

        Avx512LutCodes windows = new(weight);
        bool fits = windows.Bits switch
        {
            4 => windows.PlaneBytes >= Bytes,
            2 => windows.PlaneBytes >= Bytes && weight.Rows % 2 == 0,
            _ => windows.PlaneBytes == Bytes,
        };
        return fits ? windows : null;
    }

    /// <summary>
    /// Group and first byte within its rows of a window; the last of a group may share columns with the one before,
    /// which are then computed twice.
    /// </summary>
    public (int Group, int Start) Window(int window) =>
        (window / _windowsOfGroup, Math.Min(window % _windowsOfGroup * Bytes, PlaneBytes - Bytes));

    /// <summary>Where a window begins, at input 0.</summary>
    public unsafe byte* Codes(byte* blob, int window)
    {
        (int group, int start) = Window(window);
        return blob + Layout.Offset(group, 0) + start;
    }

    /// <summary>Puts the sums of a window into the order of its columns.</summary>
    /// <param name="sums">Sums of nibble p of every lane at 16·p, and for 2 and 3 bits those of the odd fields behind
    /// those of the even ones.</param>
    /// <param name="lanes">Lanes of a window: 8 of four bytes or 16 of two.</param>
    /// <param name="columns">[fields, 32], written.</param>
    public unsafe void Order(float* sums, int lanes, float* columns)
    {
        int nibbles = 2 * Bytes / lanes;
        for (int s = 0; s < nibbles * Fields / 2; s++)
        {
            int nibble = s % nibbles;
            int field = Bits == 4 ? nibble % 2 : (nibble % 2 * 2) + (s / nibbles);
            float* target = columns + (field * Bytes) + (nibble / 2);
            for (int lane = 0; lane < lanes; lane++)
            {
                target[lane * nibbles / 2] = sums[(s * Entries) + lane];
            }
        }
    }

    /// <summary>Scales the ordered sums of a window, adds the bias, and writes them to a row of y.</summary>
    public unsafe void Write<T>(PreparedWeight weight, int window, float* columns, nint y, int row)
        where T : struct, IFloatElement
    {
        (int group, int start) = Window(window);
        int width = weight.Decoder.WidthOf(group);
        for (int field = 0; field < Fields; field++)
        {
            int inGroup = start + (field * PlaneBytes);
            int count = Math.Min(Bytes, width - inGroup);
            if (count > 0)
            {
                RowEnds.Write<T>(
                    weight, columns + (field * Bytes), (group * weight.Decoder.GroupWidth) + inGroup, count, y, row);
            }
        }
    }
}
