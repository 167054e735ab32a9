namespace FlatLearning.Kernels.FixedPoint;

/// <summary>
/// What two registers of columns find in the tables of some inputs, added up. Looked-up bytes of two look-ups are added
/// as bytes, these as words: the sum of all words and that of the odd columns give the even ones, so that bytes are
/// never interleaved.
/// </summary>
/// <typeparam name="TLanes">Registers.</typeparam>
/// <typeparam name="TVector">A register.</typeparam>
/// <typeparam name="TParts">Parts of a table: 1, 2 or 4.</typeparam>
internal static unsafe class FixedSums<TLanes, TVector, TParts>
    where TLanes : struct, IByteLanes<TVector>
    where TVector : struct
    where TParts : unmanaged, ICount
{
    private const int IndexBytes = FixedCodes.StripColumns;

    /// <summary>Adds unit · (sum over the look-ups).</summary>
    /// <param name="index">[steps, 2 look-ups, parts, 128], of which two registers are looked up.</param>
    /// <param name="tables">[steps, 2 look-ups, parts, 2, 16]: low bytes, high bytes.</param>
    /// <param name="steps">Pairs of look-ups, 1 to <see cref="FixedTables.MaxSteps"/>.</param>
    /// <param name="unit">What a whole number stands for.</param>
    /// <param name="sums">[2 registers], see <see cref="IByteLanes{TVector}.Order"/>.</param>
    public static void Add(byte* index, byte* tables, int steps, float unit, float* sums)
    {
        // The high bytes of a table are above what they stand for by a bias, which is taken off beforehand: 2 · steps
        // of them in every column.
        int bias = -2 * FixedTables.Bias * steps;
        TVector l0 = TLanes.Words(0), l1 = l0, l2 = l0, l3 = l0;
        TVector h1 = TLanes.Words((short)bias), h3 = h1;
        TVector h0 = TLanes.Words(unchecked((short)(bias * 257))), h2 = h0;
        for (; steps > 0; steps--, index += 2 * sizeof(TParts) * IndexBytes, tables += 2 * sizeof(TParts) * 32)
        {
            TVector table = TLanes.Table(tables), other = TLanes.Table(tables + 32);
            TVector low = TLanes.AddBytes(
                TLanes.LookUp(table, index), TLanes.LookUp(other, index + IndexBytes));
            TVector lowRight = TLanes.AddBytes(
                TLanes.LookUp(table, index + TLanes.Count), TLanes.LookUp(other, index + IndexBytes + TLanes.Count));
            table = TLanes.Table(tables + 16);
            other = TLanes.Table(tables + 48);
            TVector high = TLanes.AddBytes(
                TLanes.LookUp(table, index), TLanes.LookUp(other, index + IndexBytes));
            TVector highRight = TLanes.AddBytes(
                TLanes.LookUp(table, index + TLanes.Count), TLanes.LookUp(other, index + IndexBytes + TLanes.Count));
            for (int part = 2; part < 2 * sizeof(TParts); part++)
            {
                byte* at = index + (part * IndexBytes);
                table = TLanes.Table(tables + (part * 32));
                other = TLanes.Table(tables + (part * 32) + 16);
                low = TLanes.AddBytes(low, TLanes.LookUp(table, at));
                lowRight = TLanes.AddBytes(lowRight, TLanes.LookUp(table, at + TLanes.Count));
                high = TLanes.AddBytes(high, TLanes.LookUp(other, at));
                highRight = TLanes.AddBytes(highRight, TLanes.LookUp(other, at + TLanes.Count));
            }

            l0 = TLanes.AddWords(l0, low);
            l1 = TLanes.AddWords(l1, TLanes.OddBytes(low));
            l2 = TLanes.AddWords(l2, lowRight);
            l3 = TLanes.AddWords(l3, TLanes.OddBytes(lowRight));
            h0 = TLanes.AddWords(h0, high);
            h1 = TLanes.AddWords(h1, TLanes.OddBytes(high));
            h2 = TLanes.AddWords(h2, highRight);
            h3 = TLanes.AddWords(h3, TLanes.OddBytes(highRight));
        }

        TLanes.Add(l0, l1, h0, h1, unit, sums);
        TLanes.Add(l2, l3, h2, h3, unit, sums + TLanes.Count);
    }
}
