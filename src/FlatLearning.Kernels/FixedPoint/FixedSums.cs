namespace FlatLearning.Kernels.FixedPoint;

/// <summary>
/// What two registers of columns find in the tables of some inputs, added up. Looked-up bytes of two look-ups are added
/// as bytes, these as words: the sum of all words and that of the odd columns give the even ones, so that bytes are
/// never interleaved.
/// </summary>
/// <typeparam name="TLanes">Registers.</typeparam>
/// <typeparam name="TVector">A register.</typeparam>
/// <typeparam name="TIndices">Where the indices stand.</typeparam>
/// <typeparam name="TParts">Parts of a table: 1, 2 or 4.</typeparam>
internal static unsafe class FixedSums<TLanes, TVector, TIndices, TParts>
    where TLanes : struct, IByteLanes<TVector>
    where TVector : struct
    where TIndices : struct, IIndices<TLanes, TVector>
    where TParts : unmanaged, ICount
{
    // Low bytes, high bytes.
    private const int Plane = 16;
    private const int Table = 2 * Plane;

    /// <summary>Adds unit · (sum over the look-ups).</summary>
    /// <param name="index">[steps, 2 look-ups, parts], <paramref name="stride"/> bytes from one to the next.</param>
    /// <param name="stride">Bytes.</param>
    /// <param name="tables">[steps, 2 look-ups, parts, 2, 16]: low bytes, high bytes.</param>
    /// <param name="steps">Pairs of look-ups, 1 to <see cref="FixedTables.MaxSteps"/>.</param>
    /// <param name="unit">What a whole number stands for.</param>
    /// <param name="first">Sums of the first register, see <see cref="IByteLanes{TVector}.Order"/>.</param>
    /// <param name="second">Those of the second one.</param>
    public static void Add(
        byte* index, nint stride, byte* tables, int steps, float unit, float* first, float* second)
    {
        // The high bytes of a table are above what they stand for by a bias, which is taken off beforehand: 2 · steps
        // of them in every column.
        int bias = -2 * FixedTables.Bias * steps;
        TVector l0 = TLanes.Words(0), l1 = l0, l2 = l0, l3 = l0;
        TVector h1 = TLanes.Words((short)bias), h3 = h1;
        TVector h0 = TLanes.Words(unchecked((short)(bias * 257))), h2 = h0;
        for (byte* end = tables + (steps * 2 * sizeof(TParts) * Table); tables != end;)
        {
            TVector i0 = TIndices.First(index), i1 = TIndices.Second(index);
            index += stride;
            TVector j0 = TIndices.First(index), j1 = TIndices.Second(index);
            index += stride;
            TVector table = TLanes.Table(tables), other = TLanes.Table(tables + Table);
            TVector low = TLanes.AddBytes(TLanes.LookUp(table, i0), TLanes.LookUp(other, j0));
            TVector low2 = TLanes.AddBytes(TLanes.LookUp(table, i1), TLanes.LookUp(other, j1));
            table = TLanes.Table(tables + Plane);
            other = TLanes.Table(tables + Table + Plane);
            TVector high = TLanes.AddBytes(TLanes.LookUp(table, i0), TLanes.LookUp(other, j0));
            TVector high2 = TLanes.AddBytes(TLanes.LookUp(table, i1), TLanes.LookUp(other, j1));
            tables += 2 * Table;
            for (int part = 2; part < 2 * sizeof(TParts); part++, index += stride, tables += Table)
            {
                i0 = TIndices.First(index);
                i1 = TIndices.Second(index);
                table = TLanes.Table(tables);
                other = TLanes.Table(tables + Plane);
                low = TLanes.AddBytes(low, TLanes.LookUp(table, i0));
                low2 = TLanes.AddBytes(low2, TLanes.LookUp(table, i1));
                high = TLanes.AddBytes(high, TLanes.LookUp(other, i0));
                high2 = TLanes.AddBytes(high2, TLanes.LookUp(other, i1));
            }

            l0 = TLanes.AddWords(l0, low);
            l1 = TLanes.AddWords(l1, TLanes.OddBytes(low));
            l2 = TLanes.AddWords(l2, low2);
            l3 = TLanes.AddWords(l3, TLanes.OddBytes(low2));
            h0 = TLanes.AddWords(h0, high);
            h1 = TLanes.AddWords(h1, TLanes.OddBytes(high));
            h2 = TLanes.AddWords(h2, high2);
            h3 = TLanes.AddWords(h3, TLanes.OddBytes(high2));
        }

        TLanes.Add(l0, l1, h0, h1, unit, first);
        TLanes.Add(l2, l3, h2, h3, unit, second);
    }
}
