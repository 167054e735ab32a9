using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.Ends;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// Codes of 2, 3 and 4 bits as four-bit indices in wide lanes, for look-ups by permutation, which ignores all but the
/// low bits of an index: a shift brings the next four bits down, and nothing is unpacked. Four bits hold one 4-bit
/// code; or one 3-bit code, put together from both planes; or the 2-bit codes of two neighbouring inputs. A strip is 32
/// bytes of the first plane of a group.
/// </summary>
internal sealed class Avx512LutCodes
{
    /// <summary>Bytes of a strip.</summary>
    public const int Bytes = 32;

    /// <summary>Entries of a table.</summary>
    public const int Entries = 16;

    private readonly PackedCodes _packed;
    private readonly int _stripsOfGroup;

    private Avx512LutCodes(TableCodes codes)
    {
        (_packed, Bits, Taps, Codebook) = (codes.Packed, codes.Bits, codes.Taps, codes.Table.Values);
        PlaneBytes = PlaneBytesOf(Layout);
        _stripsOfGroup = (PlaneBytes + Bytes - 1) / Bytes;
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

    /// <summary>[taps, 16] for the upper two of four bits that hold two 2-bit codes: entry z >> 2 at z.</summary>
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

    /// <summary>Strips of all groups.</summary>
    public int Strips => Layout.Groups * _stripsOfGroup;

    /// <summary>The codes.</summary>
    public ReadOnlySpan<byte> Blob => _packed.Bytes.Span;

    /// <summary>Their layout.</summary>
    public CodeLayout Layout => _packed.Layout;

    /// <summary>
    /// Whether a weight's codes suit: not where groups are too narrow, or for 3 bits not of 128 columns; nor for 2 bits
    /// where the number of inputs is odd.
    /// </summary>
    public static bool Suits(TableCodes codes) => codes.Bits switch
    {
        4 => PlaneBytesOf(codes.Layout) >= Bytes,
        3 => PlaneBytesOf(codes.Layout) == Bytes,
        2 => PlaneBytesOf(codes.Layout) >= Bytes && codes.Layout.Rows % 2 == 0,
        _ => false,
    };

    /// <summary>The codes, or null where they do not suit.</summary>
    public static Avx512LutCodes? TryCreate(TableCodes codes) => Suits(codes) ? new Avx512LutCodes(codes) : null;

    /// <summary>Where a strip begins, at input 0.</summary>
    public unsafe byte* Codes(byte* blob, int strip)
    {
        (int group, int start) = Strip(strip);
        return blob + Layout.Offset(group, 0) + start;
    }

    /// <summary>Puts the sums of a strip into the order of its columns.</summary>
    /// <param name="sums">Sums of four-bit field p of every lane at 16·p, and for 2 and 3 bits those of the odd fields
    /// of the plane behind those of the even ones.</param>
    /// <param name="lanes">Lanes of a strip: 8 of four bytes or 16 of two.</param>
    /// <param name="columns">[fields, 32], written.</param>
    public unsafe void Permute(float* sums, int lanes, float* columns)
    {
        int places = 2 * Bytes / lanes;
        for (int s = 0; s < places * Fields / 2; s++)
        {
            int place = s % places;
            int field = Bits == 4 ? place % 2 : (place % 2 * 2) + (s / places);
            float* target = columns + (field * Bytes) + (place / 2);
            for (int lane = 0; lane < lanes; lane++)
            {
                target[lane * places / 2] = sums[(s * Entries) + lane];
            }
        }
    }

    /// <summary>Writes the ordered sums of a strip to a row of y.</summary>
    public unsafe void Write(in OutputRows y, int strip, float* columns, long row)
    {
        (int group, int start) = Strip(strip);
        int width = Layout.WidthOf(group);
        for (int field = 0; field < Fields; field++)
        {
            int inGroup = start + (field * PlaneBytes);
            int count = Math.Min(Bytes, width - inGroup);
            if (count > 0)
            {
                y.Write(columns + (field * Bytes), (group * Layout.GroupWidth) + inGroup, count, row);
            }
        }
    }

    private static int PlaneBytesOf(CodeLayout layout) =>
        CodeLayout.PlaneWidth(layout.Bits, 0) * layout.GroupWidth / 8;

    // Group and first byte within its rows; the last strip of a group may share columns with the one before, which are
    // then computed twice.
    private (int Group, int Start) Strip(int strip) =>
        (strip / _stripsOfGroup, Math.Min(strip % _stripsOfGroup * Bytes, PlaneBytes - Bytes));
}
