using System.Buffers;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;

namespace FlatLearning.Kernels;

/// <summary>
/// Rows of a weight of 4-bit codes, dequantised in 512-bit registers: 16 codes become values by one permutation a tap.
/// </summary>
internal sealed unsafe class NibbleRows
{
    // Bytes of one step: 16 columns in the low halves, 16 in the high ones.
    private const int Step = 16;
    private const int Levels = 16;

    private readonly PackedCodes _codes;
    private readonly int _taps;
    private readonly float[] _tables;
    private readonly float[]? _rowScale;
    private readonly float[] _columnScale;

    private NibbleRows(DynWeight weight, UniformCodes codes)
    {
        (_codes, _taps) = (codes.Codes, codes.Codebook.Taps);
        _tables = codes.Codebook.Table.Values;
        (_rowScale, _columnScale) = (weight.RowScale?.Values, weight.ColumnScale!.Values);
    }

    /// <summary>
    /// The rows of a weight; null where it has another form, or this processor has no such registers.
    /// </summary>
    public static NibbleRows? TryCreate(DynWeight weight) =>
        Avx512F.IsSupported && Avx512BW.IsSupported
        && weight.Terms is [UniformCodes { Codebook: { Bits: 4, IsWindow: false } } codes]
        && codes.Codes.Layout is var layout
        && layout.BytesPerRow % Step == 0 && layout.Columns % layout.GroupWidth == 0
            ? new NibbleRows(weight, codes)
            : null;

    /// <summary>Keeps the codes where they are.</summary>
    public MemoryHandle Pin() => _codes.Bytes.Pin();

    /// <summary>Writes one row.</summary>
    /// <param name="codes">The codes, as <see cref="Pin"/> has them.</param>
    /// <param name="row">Its number.</param>
    /// <param name="destination">Room for its N floats.</param>
    public void Read(byte* codes, int row, float* destination)
    {
        CodeLayout layout = _codes.Layout;
        int taps = Math.Min(_taps, row + 1);
        int half = layout.GroupWidth / 2;
        Vector512<float> rowScale = Vector512.Create(_rowScale is null ? 1 : _rowScale[row]);
        fixed (float* tables = _tables)
        fixed (float* columnScale = _columnScale)
        {
            for (int group = 0; group < layout.Groups; group++)
            {
                byte* line = codes + layout.Offset(group, row);
                int begin = group * layout.GroupWidth;
                for (int i = 0; i < half; i += Step)
                {
                    Vector512<float> low = default;
                    Vector512<float> high = default;
                    for (int tap = 0; tap < taps; tap++)
                    {
                        Vector512<float> table = Vector512.Load(tables + (tap * Levels));
                        Vector512<int> both =
                            Avx512F.ConvertToVector512Int32(Vector128.Load(line - (tap * layout.BytesPerRow) + i));
                        low += Avx512F.PermuteVar16x32(table, both);
                        high += Avx512F.PermuteVar16x32(table, both >> 4);
                    }

                    int column = begin + i;
                    (low * rowScale * Vector512.Load(columnScale + column)).Store(destination + column);
                    column += half;
                    (high * rowScale * Vector512.Load(columnScale + column)).Store(destination + column);
                }
            }
        }
    }
}
