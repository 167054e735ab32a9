using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Codes;

namespace FlatLearning.Kernels.FusedDequant;

/// <summary>
/// sums += x · decoded codes for up to six rows and four registers of columns, decoded in registers for each input and
/// never stored: permutations and multiplications run side by side on different ports. Four registers of columns share
/// as few registers of widened bytes as their plane allows: one of 2-bit fields, two of 4-bit fields, four of bytes.
/// </summary>
/// <typeparam name="TField">Bits of a field of the first plane: 2, 4 or 8.</typeparam>
/// <typeparam name="TPlanes">1 or 2.</typeparam>
/// <typeparam name="TLength">Entries of a table.</typeparam>
/// <typeparam name="TRows">Rows of x.</typeparam>
/// <typeparam name="TTaps">1, 2, or 3 for any number.</typeparam>
internal static unsafe class Avx512FusedTile<TField, TPlanes, TLength, TRows, TTaps>
    where TField : unmanaged, ICount
    where TPlanes : unmanaged, ICount
    where TLength : unmanaged, ICount
    where TRows : unmanaged, ICount
    where TTaps : unmanaged, ICount
{
    /// <summary>Adds the product of some inputs.</summary>
    /// <param name="x">[rows, xStride], multiplied by rho, of which the first <paramref name="inputs"/> of each row are
    /// used.</param>
    /// <param name="xStride">Floats from one row of x to the next.</param>
    /// <param name="codes">The codes from the first input on; those of taps - 1 inputs lie before it.</param>
    /// <param name="table">[taps, tableStride].</param>
    /// <param name="tableStride">Floats from tap to tap.</param>
    /// <param name="taps">1 to 5, as <typeparamref name="TTaps"/> says.</param>
    /// <param name="inputs">How many.</param>
    /// <param name="sums">[rows, 4, lanes].</param>
    public static void Accumulate(
        float* x, nint xStride, in Avx512FusedCodes codes, float* table, int tableStride, int taps, int inputs,
        float* sums)
    {
        byte* first = (byte*)codes.First;
        byte* second = (byte*)codes.Second;
        nint row = codes.RowStride;
        nint place1 = codes.Place1;
        nint place2 = codes.Place2;
        nint place3 = codes.Place3;
        nint secondPlace1 = codes.SecondPlace1;
        Vector512<uint> rotation0 = Vector512.Create((uint)codes.Rotation0);
        Vector512<uint> rotation1 = Vector512.Create((uint)codes.Rotation1);
        nint twice = 2 * xStride;
        float* low = x;
        float* high = x + (3 * xStride);
        Vector512<float> zero = Vector512<float>.Zero;
        Vector512<float> a0 = zero, a1 = zero, a2 = zero, a3 = zero;
        Vector512<float> b0 = zero, b1 = zero, b2 = zero, b3 = zero;
        Vector512<float> c0 = zero, c1 = zero, c2 = zero, c3 = zero;
        Vector512<float> d0 = zero, d1 = zero, d2 = zero, d3 = zero;
        Vector512<float> e0 = zero, e1 = zero, e2 = zero, e3 = zero;
        Vector512<float> f0 = zero, f1 = zero, f2 = zero, f3 = zero;

        Vector512<int> last0 = Vector512.Create(0);
        Vector512<int> last1 = last0, last2 = last0, last3 = last0, lastAbove0 = last0, lastAbove1 = last0;
        if (sizeof(TTaps) == 2)
        {
            byte* before = first - row;
            last0 = Avx512F.ConvertToVector512Int32(Vector128.Load(before));
            last1 = sizeof(TField) >= 4 ? Avx512F.ConvertToVector512Int32(Vector128.Load(before + place1)) : last0;
            last2 = sizeof(TField) == 8
                ? Avx512F.ConvertToVector512Int32(Vector128.Load(before + place2))
                : sizeof(TField) == 4
                ? last1
                : last0;
            last3 = sizeof(TField) == 8
                ? Avx512F.ConvertToVector512Int32(Vector128.Load(before + place3))
                : sizeof(TField) == 4
                ? last1
                : last0;
            lastAbove0 = sizeof(TPlanes) == 2
                ? Avx512F.RotateRightVariable(Avx512F.ConvertToVector512Int32(Vector128.Load(second - row)), rotation0)
                : last0;
            lastAbove1 = sizeof(TPlanes) == 2 && sizeof(TField) == 4
                ? Avx512F.RotateRightVariable(
                    Avx512F.ConvertToVector512Int32(Vector128.Load(second - row + secondPlace1)), rotation1)
                : lastAbove0;
        }

        for (int k = 0; k < inputs; k++, low++, high++, first += row, second += row)
        {
            // Input k through the first table, inputs before it through the others.
            Vector512<int> bytes0 = Avx512F.ConvertToVector512Int32(Vector128.Load(first));
            Vector512<int> bytes1 = sizeof(TField) >= 4
                ? Avx512F.ConvertToVector512Int32(Vector128.Load(first + place1))
                : bytes0;
            Vector512<int> bytes2 = sizeof(TField) == 8
                ? Avx512F.ConvertToVector512Int32(Vector128.Load(first + place2))
                : sizeof(TField) == 4
                ? bytes1
                : bytes0;
            Vector512<int> bytes3 = sizeof(TField) == 8
                ? Avx512F.ConvertToVector512Int32(Vector128.Load(first + place3))
                : sizeof(TField) == 4
                ? bytes1
                : bytes0;
            Vector512<int> above0 = sizeof(TPlanes) == 2
                ? Avx512F.RotateRightVariable(Avx512F.ConvertToVector512Int32(Vector128.Load(second)), rotation0)
                : bytes0;
            Vector512<int> above1 = sizeof(TPlanes) == 2 && sizeof(TField) == 4
                ? Avx512F.RotateRightVariable(
                    Avx512F.ConvertToVector512Int32(Vector128.Load(second + secondPlace1)), rotation1)
                : above0;
            Vector512<float> p0 = CodeLanes512.LookUp<TLength>(table, Index(bytes0, above0, 0));
            Vector512<float> p1 = CodeLanes512.LookUp<TLength>(
                table, Index(sizeof(TField) == 8 ? bytes1 : bytes0, above0, sizeof(TField) == 8 ? 0 : sizeof(TField)));
            Vector512<float> p2 =
                CodeLanes512.LookUp<TLength>(table, Index(bytes2, above1, sizeof(TField) == 2 ? 4 : 0));
            Vector512<float> p3 = CodeLanes512.LookUp<TLength>(
                table, Index(bytes3, above1, sizeof(TField) == 2 ? 6 : sizeof(TField) == 4 ? 4 : 0));
            if (sizeof(TTaps) == 2)
            {
                float* entries = table + tableStride;
                p0 = Avx512F.Add(p0, CodeLanes512.LookUp<TLength>(entries, Index(last0, lastAbove0, 0)));
                p1 = Avx512F.Add(
                    p1,
                    CodeLanes512.LookUp<TLength>(
                        entries,
                        Index(
                            sizeof(TField) == 8 ? last1 : last0,
                            lastAbove0,
                            sizeof(TField) == 8 ? 0 : sizeof(TField))));
                p2 = Avx512F.Add(
                    p2, CodeLanes512.LookUp<TLength>(entries, Index(last2, lastAbove1, sizeof(TField) == 2 ? 4 : 0)));
                p3 = Avx512F.Add(
                    p3,
                    CodeLanes512.LookUp<TLength>(
                        entries, Index(last3, lastAbove1, sizeof(TField) == 2 ? 6 : sizeof(TField) == 4 ? 4 : 0)));
                last0 = bytes0;
                last1 = bytes1;
                last2 = bytes2;
                last3 = bytes3;
                lastAbove0 = above0;
                lastAbove1 = above1;
            }

            if (sizeof(TTaps) > 2)
            {
                for (int t = 1; t < taps; t++)
                {
                    nint back = t * row;
                    float* entries = table + (t * tableStride);
                    Vector512<int> old0 = Avx512F.ConvertToVector512Int32(Vector128.Load(first - back));
                    Vector512<int> old1 = sizeof(TField) >= 4
                        ? Avx512F.ConvertToVector512Int32(Vector128.Load(first - back + place1))
                        : old0;
                    Vector512<int> old2 = sizeof(TField) == 8
                        ? Avx512F.ConvertToVector512Int32(Vector128.Load(first - back + place2))
                        : sizeof(TField) == 4
                        ? old1
                        : old0;
                    Vector512<int> old3 = sizeof(TField) == 8
                        ? Avx512F.ConvertToVector512Int32(Vector128.Load(first - back + place3))
                        : sizeof(TField) == 4
                        ? old1
                        : old0;
                    Vector512<int> oldAbove0 = sizeof(TPlanes) == 2
                        ? Avx512F.RotateRightVariable(
                            Avx512F.ConvertToVector512Int32(Vector128.Load(second - back)), rotation0)
                        : old0;
                    Vector512<int> oldAbove1 = sizeof(TPlanes) == 2 && sizeof(TField) == 4
                        ? Avx512F.RotateRightVariable(
                            Avx512F.ConvertToVector512Int32(Vector128.Load(second - back + secondPlace1)), rotation1)
                        : oldAbove0;
                    p0 = Avx512F.Add(p0, CodeLanes512.LookUp<TLength>(entries, Index(old0, oldAbove0, 0)));
                    p1 = Avx512F.Add(
                        p1,
                        CodeLanes512.LookUp<TLength>(
                            entries,
                            Index(
                                sizeof(TField) == 8 ? old1 : old0,
                                oldAbove0,
                                sizeof(TField) == 8 ? 0 : sizeof(TField))));
                    p2 = Avx512F.Add(
                        p2, CodeLanes512.LookUp<TLength>(entries, Index(old2, oldAbove1, sizeof(TField) == 2 ? 4 : 0)));
                    p3 = Avx512F.Add(
                        p3,
                        CodeLanes512.LookUp<TLength>(
                            entries, Index(old3, oldAbove1, sizeof(TField) == 2 ? 6 : sizeof(TField) == 4 ? 4 : 0)));
                }
            }

            Vector512<float> factor0 = Vector512.Create(*low);
            a0 = Avx512F.FusedMultiplyAdd(factor0, p0, a0);
            a1 = Avx512F.FusedMultiplyAdd(factor0, p1, a1);
            a2 = Avx512F.FusedMultiplyAdd(factor0, p2, a2);
            a3 = Avx512F.FusedMultiplyAdd(factor0, p3, a3);

            if (sizeof(TRows) > 1)
            {
                Vector512<float> factor1 = Vector512.Create(low[xStride]);
                b0 = Avx512F.FusedMultiplyAdd(factor1, p0, b0);
                b1 = Avx512F.FusedMultiplyAdd(factor1, p1, b1);
                b2 = Avx512F.FusedMultiplyAdd(factor1, p2, b2);
                b3 = Avx512F.FusedMultiplyAdd(factor1, p3, b3);
            }

            if (sizeof(TRows) > 2)
            {
                Vector512<float> factor2 = Vector512.Create(low[twice]);
                c0 = Avx512F.FusedMultiplyAdd(factor2, p0, c0);
                c1 = Avx512F.FusedMultiplyAdd(factor2, p1, c1);
                c2 = Avx512F.FusedMultiplyAdd(factor2, p2, c2);
                c3 = Avx512F.FusedMultiplyAdd(factor2, p3, c3);
            }

            if (sizeof(TRows) > 3)
            {
                Vector512<float> factor3 = Vector512.Create(*high);
                d0 = Avx512F.FusedMultiplyAdd(factor3, p0, d0);
                d1 = Avx512F.FusedMultiplyAdd(factor3, p1, d1);
                d2 = Avx512F.FusedMultiplyAdd(factor3, p2, d2);
                d3 = Avx512F.FusedMultiplyAdd(factor3, p3, d3);
            }

            if (sizeof(TRows) > 4)
            {
                Vector512<float> factor4 = Vector512.Create(high[xStride]);
                e0 = Avx512F.FusedMultiplyAdd(factor4, p0, e0);
                e1 = Avx512F.FusedMultiplyAdd(factor4, p1, e1);
                e2 = Avx512F.FusedMultiplyAdd(factor4, p2, e2);
                e3 = Avx512F.FusedMultiplyAdd(factor4, p3, e3);
            }

            if (sizeof(TRows) > 5)
            {
                Vector512<float> factor5 = Vector512.Create(high[twice]);
                f0 = Avx512F.FusedMultiplyAdd(factor5, p0, f0);
                f1 = Avx512F.FusedMultiplyAdd(factor5, p1, f1);
                f2 = Avx512F.FusedMultiplyAdd(factor5, p2, f2);
                f3 = Avx512F.FusedMultiplyAdd(factor5, p3, f3);
            }
        }

        Add(sums, a0, a1, a2, a3);
        if (sizeof(TRows) > 1)
        {
            Add(sums + (4 * 16), b0, b1, b2, b3);
        }

        if (sizeof(TRows) > 2)
        {
            Add(sums + (2 * 4 * 16), c0, c1, c2, c3);
        }

        if (sizeof(TRows) > 3)
        {
            Add(sums + (3 * 4 * 16), d0, d1, d2, d3);
        }

        if (sizeof(TRows) > 4)
        {
            Add(sums + (4 * 4 * 16), e0, e1, e2, e3);
        }

        if (sizeof(TRows) > 5)
        {
            Add(sums + (5 * 4 * 16), f0, f1, f2, f3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Index(Vector512<int> bytes, Vector512<int> above, int shift)
    {
        Vector512<int> index = shift == 0 ? bytes : Vector512.ShiftRightLogical(bytes, shift);
        return sizeof(TPlanes) == 1
            ? index
            : Vector512.ConditionalSelect(
                Vector512.Create((1 << sizeof(TField)) - 1),
                index,
                shift == 0 ? above : Vector512.ShiftRightLogical(above, shift));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        float* sums, Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3)
    {
        Add(sums, v0);
        Add(sums + 16, v1);
        Add(sums + (2 * 16), v2);
        Add(sums + (3 * 16), v3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* sums, Vector512<float> value) => (Vector512.Load(sums) + value).Store(sums);
}
