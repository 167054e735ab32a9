using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Codes;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// Codes of one width through a sum of tables, in 256-bit registers: some rows of 32 columns are brought into a byte
/// each, which then look up floats by <see cref="Avx2BytePlanes"/>. For AVX2 without AVX-512; codes of up to 6 bits.
/// Groups whose planes are not whole eight bytes are packed again when the kernel is created. Immutable.
/// </summary>
internal sealed unsafe class Avx2LutCodes
{
    /// <summary>Rows of codes and tables that stay in the first-level cache together: 2 KB, and 4, 8 or 16.</summary>
    public const int MaxRows = 64;

    private const int WholeColumns = 64;

    private readonly PackedCodes _packed;
    private readonly CodeTable _table;
    private readonly byte[] _planes;
    private readonly Avx2PlaneReader[] _first;
    private readonly Avx2PlaneReader[] _second;

    private Avx2LutCodes(TableCodes codes)
    {
        Layout = codes.Layout;
        (_packed, _table) = (IsWhole(codes.Layout) ? codes.Packed : Repack(codes.Packed), codes.Table);
        CodeLayout layout = _packed.Layout;
        int width = CodeLayout.PlaneWidth(layout.Bits, 0);
        int bytes = width * layout.GroupWidth / 8;
        BlocksOfGroup = (Layout.GroupWidth + Avx2BytePlanes.Block - 1) / Avx2BytePlanes.Block;
        _first = [
            .. Enumerable.Range(0, BlocksOfGroup)
                .Select(block => new Avx2PlaneReader(0, bytes, width, block * Avx2BytePlanes.Block))];
        _second = layout.Bits == width
            ? []
            : [.. Enumerable.Range(0, BlocksOfGroup)
                .Select(
                    block => new Avx2PlaneReader(
                        bytes, layout.BytesPerRow - bytes, layout.Bits - width, block * Avx2BytePlanes.Block))];
        _planes = new byte[sizeof(float) * _table.Values.Length];
        fixed (float* values = _table.Values)
        fixed (byte* planes = _planes)
        {
            for (int i = 0; i < _table.Values.Length; i += Avx2BytePlanes.Entries)
            {
                Avx2BytePlanes.Cut(
                    Vector256.Load(values + i), Vector256.Load(values + i + 8), planes + (sizeof(float) * i));
            }
        }
    }

    /// <summary>T.</summary>
    public int Taps => _table.Taps;

    /// <summary>b.</summary>
    public int Bits => _packed.Layout.Bits;

    /// <summary>Blocks of 32 columns of a group; the last may have fewer.</summary>
    public int BlocksOfGroup { get; }

    /// <summary>Bytes of the table of an input.</summary>
    public int TableBytes => sizeof(float) * _table.Stride;

    /// <summary>The codes, packed again where it was necessary.</summary>
    public PackedCodes Packed => _packed;

    /// <summary>[taps, entries of a table].</summary>
    public float[] Codebook => _table.Values;

    /// <summary>The columns and their groups.</summary>
    public CodeLayout Layout { get; }

    /// <summary>The codes, or null where they or the processor do not suit.</summary>
    public static Avx2LutCodes? TryCreate(TableCodes codes)
    {
        if (!Avx2.IsSupported || (Avx512BW.IsSupported && !KernelChoice.IsOpen))
        {
            return null;
        }

        return Fma.IsSupported && codes.Bits <= 6 ? new Avx2LutCodes(codes) : null;
    }

    // Whether planes are whole eight bytes.
    private static bool IsWhole(CodeLayout layout)
    {
        int first = CodeLayout.PlaneWidth(layout.Bits, 0) * layout.GroupWidth / 8;
        return first % 8 == 0 && (layout.BytesPerRow - first) % 8 == 0;
    }

    // In groups of a multiple of 64 columns, of which the last have code 0.
    private static PackedCodes Repack(PackedCodes codes)
    {
        CodeLayout from = codes.Layout;
        int width = (from.GroupWidth + WholeColumns - 1) / WholeColumns * WholeColumns;
        CodeLayout to = new(from.Rows, checked(from.Groups * width), from.Bits, width);
        CodeLayout one = new(1, width, from.Bits, width);
        byte[] blob = GC.AllocateUninitializedArray<byte>(checked((int)to.ByteLength));
        byte[] row = new byte[width];
        for (int group = 0; group < from.Groups; group++)
        {
            for (int k = 0; k < from.Rows; k++)
            {
                CodeUnpacker.UnpackRow(
                    codes.Bytes.Span.Slice(checked((int)from.Offset(group, k)), from.BytesPerRow),
                    from.Bits,
                    row.AsSpan(0, from.GroupWidth));
                CodePacker.Pack(row, one, blob.AsSpan(checked((int)to.Offset(group, k)), to.BytesPerRow));
            }
        }

        return new PackedCodes(to, blob);
    }

    /// <summary>A byte per code for some rows of a block.</summary>
    /// <param name="group">The group of columns.</param>
    /// <param name="row">The first row.</param>
    /// <param name="block">The block of the group.</param>
    /// <param name="rows">How many.</param>
    /// <param name="bytes">[rows, 32].</param>
    public void Unpack(int group, int row, int block, int rows, byte* bytes) =>
        Unpack(group, row, block, rows, bytes, Avx2BytePlanes.Block);

    /// <inheritdoc cref="Unpack(int, int, int, int, byte*)"/>
    /// <param name="step">Bytes from row to row of <paramref name="bytes"/>, of which 32 are written.</param>
    public void Unpack(int group, int row, int block, int rows, byte* bytes, int step)
    {
        int stride = _packed.Layout.BytesPerRow;
        Avx2PlaneReader first = _first[block];
        fixed (byte* blob = _packed.Bytes.Span)
        {
            byte* from = blob + _packed.Layout.Offset(group, row);
            byte* end = bytes + (rows * step);
            if (_second.Length == 0)
            {
                for (; bytes != end; bytes += step, from += stride)
                {
                    first.Read(from).Store(bytes);
                }

                return;
            }

            Avx2PlaneReader second = _second[block];
            int place = CodeLayout.PlaneWidth(_packed.Layout.Bits, 0);
            for (; bytes != end; bytes += step, from += stride)
            {
                (first.Read(from) | Vector256.ShiftLeft(second.Read(from).AsUInt16(), place).AsByte()).Store(bytes);
            }
        }
    }

    /// <summary>
    /// Tables of neighbouring inputs: table k holds, for every code, what x[k], x[k + 1], ... of the taps give
    /// together.
    /// </summary>
    /// <param name="x">[count + taps - 1].</param>
    /// <param name="count">How many.</param>
    /// <param name="tables">[count, <see cref="TableBytes"/>].</param>
    public void WriteTables(float* x, int count, byte* tables)
    {
        fixed (float* values = _table.Values)
        {
            if (_table.Stride > Avx2BytePlanes.Entries)
            {
                Avx2LutTables.Write(values, _table.Stride, Taps, x, count, tables);
                return;
            }

            switch (Taps)
            {
                case 1: Avx2LutTables.WriteShort<One>(values, x, count, tables); break;
                case 2: Avx2LutTables.WriteShort<Two>(values, x, count, tables); break;
                case 3: Avx2LutTables.WriteShort<Three>(values, x, count, tables); break;
                case 4: Avx2LutTables.WriteShort<Four>(values, x, count, tables); break;
                default: Avx2LutTables.WriteShort<Five>(values, x, count, tables); break;
            }
        }
    }

    /// <summary>
    /// Adds up what a block finds in tables; parameters as in <see cref="Avx2LutSums{TLength}.Add"/>.
    /// </summary>
    public void Add(byte* codes, byte* tables, int count, float* sums)
    {
        switch (_table.Stride)
        {
            case 16: Avx2LutSums<Sixteen>.Add(codes, tables, count, sums); break;
            case 32: Avx2LutSums<ThirtyTwo>.Add(codes, tables, count, sums); break;
            default: Avx2LutSums<SixtyFour>.Add(codes, tables, count, sums); break;
        }
    }

    /// <summary>Decodes some rows of a block.</summary>
    /// <param name="codes">[rows, 32], and before them those of taps - 1 rows or <see cref="FillNone"/>.</param>
    /// <param name="rows">How many.</param>
    /// <param name="scale">[rows] or null for ones.</param>
    /// <param name="target">[rows, stride].</param>
    /// <param name="stride">Floats from row to row.</param>
    /// <param name="first">The first column of the block that is written: 0 or 16.</param>
    /// <param name="columns">How many are: 16 or 32.</param>
    public void Decode(byte* codes, int rows, float* scale, float* target, int stride, int first, int columns)
    {
        fixed (byte* planes = _planes)
        {
            // Two taps at a time, so that the floats are stored half as often.
            for (int tap = 0; tap < Taps; tap += 2)
            {
                byte* from = codes - (tap * Avx2BytePlanes.Block);
                byte* tables = planes + (tap * TableBytes);
                float* factors = tap >= Taps - 2 ? scale : null;
                Summand adds = tap == 0 ? Summand.None : Summand.Target;
                if (tap == Taps - 1)
                {
                    Decode<One>(from, tables, rows, factors, target, stride, first, columns, adds);
                }
                else
                {
                    Decode<Two>(from, tables, rows, factors, target, stride, first, columns, adds);
                }
            }
        }
    }

    /// <summary>Bytes in place of codes for which every table gives zero.</summary>
    public void FillNone(byte* bytes, int rows) =>
        new Span<byte>(bytes, rows * Avx2BytePlanes.Block).Fill(
            _table.Stride == Avx2BytePlanes.Entries ? (byte)0x80 : (byte)0x40);

    private void Decode<TTables>(
        byte* codes, byte* tables, int rows, float* scale, float* target, int stride, int first, int columns,
        Summand adds)
        where TTables : unmanaged, ICount
    {
        switch (_table.Stride)
        {
            case 16: Avx2LutSums<Sixteen>.Decode<TTables>(
                codes, tables, rows, scale, target, stride, first, columns, adds); break;
            case 32: Avx2LutSums<ThirtyTwo>.Decode<TTables>(
                codes, tables, rows, scale, target, stride, first, columns, adds); break;
            default: Avx2LutSums<SixtyFour>.Decode<TTables>(
                codes, tables, rows, scale, target, stride, first, columns, adds); break;
        }
    }
}
