namespace FlatLearning.Cuda.Layout;

/// <summary>
/// Writes codes where kernels read them. Column c · tiles + t of a section is column c of tile t; a step has four rows,
/// and of each tile as many units of 16 bytes as a code has bits. Together these are 4 · b words of a tile: code
/// (r, c) lies at bit (32 r + c) · b of them. Codes of 2 bits lie in pairs of rows: (r, c) at bit
/// (32 floor(r / 2) + c) · 4 + 2 (r mod 2).
/// </summary>
/// <param name="words">The room for all codes, zero before.</param>
/// <param name="section">The section.</param>
internal readonly ref struct SectionWriter(Span<uint> words, CodeSection section)
{
    private readonly Span<uint> _words = words;

    /// <summary>Writes a row.</summary>
    /// <param name="row">Its number, rows of the halo included.</param>
    /// <param name="codes">Its codes; columns behind them stay 0.</param>
    public void Write(int row, ReadOnlySpan<byte> codes)
    {
        (int bits, int inStep) = (section.Bits, row % KernelShape.StepRows);
        for (int column = 0; column < codes.Length; column++)
        {
            int c = column / section.Tiles;
            int bit = bits == 2
                ? (((32 * (inStep / 2)) + c) * 4) + (2 * (inStep % 2))
                : ((32 * inStep) + c) * bits;
            uint code = codes[column];
            _words[At(row, column % section.Tiles, bit / 32)] |= code << (bit % 32);
            if ((bit % 32) + bits > 32)
            {
                _words[At(row, column % section.Tiles, (bit / 32) + 1)] |= code >> (32 - (bit % 32));
            }
        }
    }

    /// <summary>Writes a row of a section without codes.</summary>
    public void Write(int row, ReadOnlySpan<float> values)
    {
        for (int column = 0; column < values.Length; column++)
        {
            int word = (32 * (row % KernelShape.StepRows)) + (column / section.Tiles);
            _words[At(row, column % section.Tiles, word)] = BitConverter.SingleToUInt32Bits(values[column]);
        }
    }

    private int At(int row, int tile, int word)
    {
        long unit = section.Unit + tile
            + ((((long)(row / KernelShape.StepRows) * section.Bits) + (word / 4)) * section.Tiles);
        return checked((int)((4 * unit) + (word % 4)));
    }
}
