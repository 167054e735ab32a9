using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Lut;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Kernels.Codes;

/// <summary>
/// Floats of some rows and neighbouring columns of codes of one width through a sum of tables, decoded from the packed
/// codes where they lie, or by way of one byte per code where the groups' width does not suit the registers. Needs
/// AVX2. Immutable.
/// </summary>
internal sealed unsafe class CodeRowsDecoder
{
    private readonly PackedCodes _packed;
    private readonly CodeTable _table;
    private readonly CodePlanes? _planes;
    private readonly Avx2LutCodes? _bytes;
    private readonly SimdWidth _width;

    /// <summary>Takes codes.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="bytes">The same codes for look-ups of bytes, or null.</param>
    /// <param name="width">Registers.</param>
    public CodeRowsDecoder(TableCodes codes, Avx2LutCodes? bytes, SimdWidth width)
    {
        (_packed, _table, _planes, _width) =
            (codes.Packed, codes.Table, CodePlanes.TryCreate(codes.Layout), width);

        // Eight entries or fewer fit a permutation, which takes a code apart once for all taps.
        _bytes = codes.Bits > 3 || codes.Taps == 1 || _planes is null ? bytes : null;
    }

    /// <summary>
    /// Bytes of temporary memory that <see cref="Decode(int, int, int, int, float*, int, float*, int, byte*)"/> wants.
    /// </summary>
    public int ScratchBytes =>
        _bytes is not null
            ? (Avx2LutCodes.MaxRows + Codebook.MaxTaps) * Avx2BytePlanes.Block
            : _planes is null
            ? (PanelSource.MaxInputs + Codebook.MaxTaps) * PaddedWidth
            : 0;

    private int PaddedWidth => (_packed.Layout.GroupWidth + CodePlanes.Block - 1) / CodePlanes.Block * CodePlanes.Block;

    /// <summary>Writes scale[i] · code for some rows.</summary>
    /// <param name="group">The group of columns.</param>
    /// <param name="row">The first row; taps reach into those before it.</param>
    /// <param name="column">The first column, counted within the group; a multiple of 16.</param>
    /// <param name="width">Columns, a multiple of 16; beyond the matrix come numbers that do not matter.</param>
    /// <param name="scale">[rows] or null for ones.</param>
    /// <param name="rows">1 to <see cref="PanelSource.MaxInputs"/>.</param>
    /// <param name="target">[rows, stride].</param>
    /// <param name="stride">Floats from row to row.</param>
    /// <param name="scratch"><see cref="ScratchBytes"/> bytes.</param>
    public void Decode(
        int group, int row, int column, int width, float* scale, int rows, float* target, int stride, byte* scratch)
    {
        if (_bytes is not null)
        {
            DecodeBytes(_bytes, group, row, column, width, scale, rows, target, stride, scratch);
            return;
        }

        int before = Math.Min(_table.Taps - 1, row);
        fixed (byte* packed = _packed.Bytes.Span)
        fixed (float* table = _table.Values)
        {
            byte* codes = packed + _packed.Layout.Offset(group, row);
            if (_planes is null)
            {
                codes = Unpack(group, row - before, before + rows, scratch) + (before * PaddedWidth);
            }

            for (int i = 0; i < width; i += CodePlanes.Block)
            {
                DecodeBlock(Block(codes, column + i), before, table, scale, rows, target + i, stride);
            }
        }
    }

    // Some rows at a time, so that codes and floats stay in cache while the taps run.
    private static void DecodeBytes(
        Avx2LutCodes codes, int group, int row, int column, int width, float* scale, int rows, float* target,
        int stride,
        byte* scratch)
    {
        int taps = codes.Taps;
        byte* first = scratch + ((taps - 1) * Avx2BytePlanes.Block);
        for (int k = 0; k < rows; k += Avx2LutCodes.MaxRows)
        {
            int count = Math.Min(Avx2LutCodes.MaxRows, rows - k);
            int before = Math.Min(taps - 1, row + k);
            codes.FillNone(scratch, taps - 1 - before);
            for (int i = 0; i < width;)
            {
                // Parts of columns begin at multiples of 16.
                int inBlock = (column + i) % Avx2BytePlanes.Block;
                int columns = Math.Min(Avx2BytePlanes.Block - inBlock, width - i);
                codes.Unpack(
                    group,
                    row + k - before,
                    (column + i) / Avx2BytePlanes.Block,
                    before + count,
                    first - (before * Avx2BytePlanes.Block));
                codes.Decode(
                    first, count, scale is null ? null : scale + k, target + ((long)k * stride) + i, stride, inBlock,
                    columns);
                i += columns;
            }
        }
    }

    private CodeBlock Block(byte* codes, int column) => _planes is { } planes
        ? new CodeBlock(
            (nint)codes + planes.FirstByte(column),
            (nint)codes + planes.SecondByte(column),
            planes.FirstShift(column),
            planes.SecondRotation(column),
            planes.FirstMask,
            _packed.Layout.BytesPerRow)
        : new CodeBlock((nint)codes + column, 0, 0, 0, 0, PaddedWidth);

    private byte* Unpack(int group, int firstInput, int inputs, byte* target)
    {
        CodeLayout layout = _packed.Layout;
        ReadOnlySpan<byte> all = _packed.Bytes.Span;
        for (int k = 0; k < inputs; k++)
        {
            ReadOnlySpan<byte> row = all.Slice((int)layout.Offset(group, firstInput + k), layout.BytesPerRow);
            Span<byte> codes = new(target + (k * PaddedWidth), PaddedWidth);
            CodeUnpacker.UnpackRow(row, layout.Bits, codes[..layout.GroupWidth]);

            // Any code will do here, but it must be one.
            codes[layout.GroupWidth..].Clear();
        }

        return target;
    }

    private void DecodeBlock(
        CodeBlock block, int before, float* table, float* scale, int inputs, float* target, int stride)
    {
        bool two = _planes is { HasSecond: true };
        switch (_table.Bits)
        {
            case 2:
                Decode<One, Eight>(block, before, table, scale, inputs, target, stride);
                break;
            case 3 when two:
                Decode<Two, Eight>(block, before, table, scale, inputs, target, stride);
                break;
            case 3:
                Decode<One, Eight>(block, before, table, scale, inputs, target, stride);
                break;
            case 4:
                Decode<One, Sixteen>(block, before, table, scale, inputs, target, stride);
                break;
            case 5 when two:
                Decode<Two, ThirtyTwo>(block, before, table, scale, inputs, target, stride);
                break;
            case 5:
                Decode<One, ThirtyTwo>(block, before, table, scale, inputs, target, stride);
                break;
            case 6 when two:
                Decode<Two, SixtyFour>(block, before, table, scale, inputs, target, stride);
                break;
            case 6:
                Decode<One, SixtyFour>(block, before, table, scale, inputs, target, stride);
                break;
            default:
                Decode<One, TwoHundredFiftySix>(block, before, table, scale, inputs, target, stride);
                break;
        }
    }

    private void Decode<TPlanes, TLength>(
        CodeBlock block, int before, float* table, float* scale, int inputs, float* target, int stride)
        where TPlanes : unmanaged, ICount
        where TLength : unmanaged, ICount
    {
        switch (_table.Taps)
        {
            case 1: Decode<TPlanes, TLength, One>(block, before, table, scale, inputs, target, stride); break;
            case 2: Decode<TPlanes, TLength, Two>(block, before, table, scale, inputs, target, stride); break;
            case 3: Decode<TPlanes, TLength, Three>(block, before, table, scale, inputs, target, stride); break;
            case 4: Decode<TPlanes, TLength, Four>(block, before, table, scale, inputs, target, stride); break;
            default: Decode<TPlanes, TLength, Five>(block, before, table, scale, inputs, target, stride); break;
        }
    }

    private void Decode<TPlanes, TLength, TTaps>(
        CodeBlock block, int before, float* table, float* scale, int inputs, float* target, int stride)
        where TPlanes : unmanaged, ICount
        where TLength : unmanaged, ICount
        where TTaps : unmanaged, ICount
    {
        if (Avx512F.IsSupported && _width.Is512())
        {
            BlockDecoder<CodeLanes512, Lanes512, Vector512<int>, Vector512<float>, TPlanes, TLength, TTaps>.Decode(
                block, before, table, _table.Stride, scale, inputs, target, stride);
            return;
        }

        for (int half = 0; half < CodePlanes.Block; half += Vector256<float>.Count)
        {
            BlockDecoder<CodeLanes256, Lanes256, Vector256<int>, Vector256<float>, TPlanes, TLength, TTaps>.Decode(
                block.Right(half), before, table, _table.Stride, scale, inputs, target + half, stride);
        }
    }
}
