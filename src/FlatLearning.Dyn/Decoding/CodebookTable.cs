using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Dyn.Decoding;

/// <summary>
/// A codebook as the look-up kernels want it: tables of at least 16 floats each (shorter ones are repeated), the
/// residual of one row of <see cref="LaneBlock"/> multiples of columns from the codes of this row and of the rows
/// before.
/// </summary>
internal sealed class CodebookTable
{
    /// <summary>Columns are processed in whole blocks of this many: one AVX-512 register of floats.</summary>
    public const int LaneBlock = 16;

    private readonly float[] _table;
    private readonly int _bits;
    private readonly int _taps;
    private readonly int _stride;
    private readonly bool _isWindow;

    public CodebookTable(Codebook codebook)
    {
        (_bits, _taps, _isWindow) = (codebook.Bits, codebook.Taps, codebook.IsWindow);
        float[] values = codebook.Table.Values;
        int tables = _isWindow ? 1 : _taps;
        int length = values.Length / tables;
        _stride = Math.Max(length, LaneBlock);
        _table = new float[tables * _stride];
        for (int i = 0; i < _table.Length; i++)
        {
            _table[i] = values[(i / _stride * length) + (i % _stride % length)];
        }
    }

    /// <summary>T.</summary>
    public int Taps => _taps;

    /// <summary>
    /// Writes code[k, 0..count) of a group. <paramref name="codes"/> points at the unpacked codes of row k, the codes
    /// of row k - t lie t·<paramref name="rowStride"/> bytes before and are readable for t below T (zero above the
    /// first row).
    /// </summary>
    /// <param name="codes">Codes of row k, each below 2^b.</param>
    /// <param name="rowStride">Bytes from one row of codes to the next.</param>
    /// <param name="row">k, which limits the taps of the first rows.</param>
    /// <param name="count">Columns, a multiple of <see cref="LaneBlock"/>.</param>
    /// <param name="destination">Receives <paramref name="count"/> floats.</param>
    public unsafe void Residual(byte* codes, int rowStride, int row, int count, float* destination)
    {
        int taps = Math.Min(_taps, row + 1);
        fixed (float* table = _table)
        {
            if (_isWindow)
            {
                Window(table, codes, rowStride, count, destination);
            }
            else if (Avx512F.IsSupported && Vector512.IsHardwareAccelerated && _bits != 8)
            {
                switch (_bits)
                {
                    case 5: Sum512<Lookup32>(table, taps, codes, rowStride, count, destination); break;
                    case 6: Sum512<Lookup64>(table, taps, codes, rowStride, count, destination); break;
                    default: Sum512<Lookup16>(table, taps, codes, rowStride, count, destination); break;
                }
            }
            else if (Avx2.IsSupported)
            {
                switch (_bits)
                {
                    case 2 or 3: Sum256<Lookup8>(table, taps, codes, rowStride, count, destination); break;
                    case 4: Sum256<Lookup16>(table, taps, codes, rowStride, count, destination); break;
                    case 5: Sum256<Lookup32>(table, taps, codes, rowStride, count, destination); break;
                    default: Sum256<LookupAny>(table, taps, codes, rowStride, count, destination); break;
                }
            }
            else
            {
                Sum(table, taps, codes, rowStride, count, destination);
            }
        }
    }

    private unsafe void Sum512<TLookup>(
        float* table, int taps, byte* codes, int rowStride, int count, float* destination)
        where TLookup : struct, ILookup
    {
        for (int n = 0; n < count; n += 16)
        {
            byte* from = codes + n;
            Vector512<float> sum = TLookup.Look512(table, Avx512F.ConvertToVector512Int32(Vector128.Load(from)));
            for (int t = 1; t < taps; t++)
            {
                from -= rowStride;
                sum += TLookup.Look512(table + (t * _stride), Avx512F.ConvertToVector512Int32(Vector128.Load(from)));
            }

            sum.Store(destination + n);
        }
    }

    private unsafe void Sum256<TLookup>(
        float* table, int taps, byte* codes, int rowStride, int count, float* destination)
        where TLookup : struct, ILookup
    {
        for (int n = 0; n < count; n += 8)
        {
            byte* from = codes + n;
            Vector256<float> sum = TLookup.Look256(table, Avx2.ConvertToVector256Int32(from));
            for (int t = 1; t < taps; t++)
            {
                from -= rowStride;
                sum += TLookup.Look256(table + (t * _stride), Avx2.ConvertToVector256Int32(from));
            }

            sum.Store(destination + n);
        }
    }

    private unsafe void Sum(float* table, int taps, byte* codes, int rowStride, int count, float* destination)
    {
        for (int n = 0; n < count; n++)
        {
            byte* from = codes + n;
            float sum = table[*from];
            for (int t = 1; t < taps; t++)
            {
                from -= rowStride;
                sum += table[(t * _stride) + *from];
            }

            destination[n] = sum;
        }
    }

    private unsafe void Window(float* table, byte* codes, int rowStride, int count, float* destination)
    {
        if (Avx2.IsSupported)
        {
            for (int n = 0; n < count; n += 8)
            {
                byte* from = codes + n;
                Vector256<int> index = Avx2.ConvertToVector256Int32(from);
                for (int t = 1; t < _taps; t++)
                {
                    from -= rowStride;
                    index |= Avx2.ConvertToVector256Int32(from) << (_bits * t);
                }

                Avx2.GatherVector256(table, index, sizeof(float)).Store(destination + n);
            }

            return;
        }

        for (int n = 0; n < count; n++)
        {
            byte* from = codes + n;
            int index = *from;
            for (int t = 1; t < _taps; t++)
            {
                from -= rowStride;
                index |= *from << (_bits * t);
            }

            destination[n] = table[index];
        }
    }

    /// <summary>
    /// Looks indices up in one table. Indices are below its length, so nothing outside the table is read.
    /// </summary>
    private unsafe interface ILookup
    {
        static abstract Vector512<float> Look512(float* table, Vector512<int> index);

        static abstract Vector256<float> Look256(float* table, Vector256<int> index);
    }

    /// <summary>Up to 8 entries.</summary>
    private readonly unsafe struct Lookup8 : ILookup
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Look512(float* table, Vector512<int> index) => Lookup16.Look512(table, index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Look256(float* table, Vector256<int> index) =>
            Avx2.PermuteVar8x32(Vector256.Load(table), index);
    }

    /// <summary>16 entries.</summary>
    private readonly unsafe struct Lookup16 : ILookup
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Look512(float* table, Vector512<int> index) =>
            Avx512F.PermuteVar16x32(Vector512.Load(table), index);

        // A permutation takes the low three bits of an index; bit 3, moved to the sign, chooses between two of them.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Look256(float* table, Vector256<int> index) =>
            Avx.BlendVariable(
                Lookup8.Look256(table, index), Lookup8.Look256(table + 8, index), (index << 28).AsSingle());
    }

    /// <summary>32 entries.</summary>
    private readonly unsafe struct Lookup32 : ILookup
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Look512(float* table, Vector512<int> index) =>
            Avx512F.PermuteVar16x32x2(Vector512.Load(table), index, Vector512.Load(table + 16));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Look256(float* table, Vector256<int> index) =>
            Avx.BlendVariable(
                Lookup16.Look256(table, index), Lookup16.Look256(table + 16, index), (index << 27).AsSingle());
    }

    /// <summary>64 entries.</summary>
    private readonly unsafe struct Lookup64 : ILookup
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Look512(float* table, Vector512<int> index) =>
            Vector512.ConditionalSelect(
                Vector512.LessThan(index, Vector512.Create(32)).AsSingle(),
                Lookup32.Look512(table, index),
                Lookup32.Look512(table + 32, index));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Look256(float* table, Vector256<int> index) => LookupAny.Look256(table, index);
    }

    /// <summary>Any number of entries: a gather, which AVX2 has for eight lanes.</summary>
    private readonly unsafe struct LookupAny : ILookup
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Look512(float* table, Vector512<int> index) =>
            Vector512.Create(Look256(table, index.GetLower()), Look256(table, index.GetUpper()));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Look256(float* table, Vector256<int> index) =>
            Avx2.GatherVector256(table, index, sizeof(float));
    }
}
