using FlatLearning.OnnxRuntime;

namespace FlatLearning.CustomOps.Kernels.Nibbles;

/// <summary>One item of a look-up product: some sets of windows times all rows, each summed from the first input to the last.</summary>
/// <param name="weight">The weight.</param>
/// <param name="windows">Its codes.</param>
/// <param name="x">[rows, xStride], multiplied by rho, each row followed by zeros for the taps.</param>
/// <param name="xStride">Floats from row to row.</param>
/// <param name="rows">A few.</param>
/// <param name="y">[rows, N].</param>
internal readonly unsafe struct NibbleWork<T>(PreparedWeight weight, NibbleWindows windows, float* x, int xStride, int rows, nint y) : IParallelWork
    where T : struct, IFloatElement
{
    private const int SetFloats = 2 * 8 * NibbleWindows.Entries;
    private const int Lanes = NibbleWindows.Bytes / sizeof(int);

    // Enough items for the threads of a workstation, none shorter than some microseconds.
    private const int WantedItems = 16;
    private const long FewestProducts = 256 * 1024;

    /// <summary>Items.</summary>
    public int Items => (Sets + ItemSets - 1) / ItemSets;

    // Windows that are summed at once: two registers of 4-bit codes, or one of 2-bit codes, or half of one of 3-bit codes, in which two inputs lie side by side.
    private int SetWindows => windows.Bits switch { 4 => 4, 3 => 1, _ => 2 };

    private int Sets => (windows.Count + SetWindows - 1) / SetWindows;

    private int ItemSets
    {
        get
        {
            long products = Math.Max(1, (long)weight.Rows * weight.Columns * rows / Sets);
            return (int)Math.Clamp((FewestProducts + products - 1) / products, 1, Math.Max(1, Sets / WantedItems));
        }
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        float* sums = stackalloc float[SetFloats];
        float* columns = stackalloc float[4 * NibbleWindows.Bytes];
        fixed (byte* blob = windows.Blob)
        {
            for (int set = item * ItemSets; set < Math.Min(Sets, (item + 1) * ItemSets); set++)
            {
                for (int row = 0; row < rows; row++)
                {
                    Sum(blob, set * SetWindows, x + ((long)row * xStride), sums);
                    for (int i = 0; i < SetWindows; i++)
                    {
                        windows.Order(sums + (i / 2 * 8 * NibbleWindows.Entries) + (i % 2 * Lanes), Lanes, columns);
                        windows.Write<T>(weight, Window(set * SetWindows, i), columns, y, row);
                    }
                }
            }
        }
    }

    private void Sum(byte* blob, int first, float* from, float* sums)
    {
        switch (windows.Taps)
        {
            case 1: Sum<One>(blob, first, from, sums); break;
            case 2: Sum<Two>(blob, first, from, sums); break;
            case 3: Sum<Three>(blob, first, from, sums); break;
            case 4: Sum<Four>(blob, first, from, sums); break;
            default: Sum<Five>(blob, first, from, sums); break;
        }
    }

    private void Sum<TTaps>(byte* blob, int first, float* from, float* sums)
        where TTaps : unmanaged, ICount
    {
        nint row = windows.Layout.BytesPerRow;
        byte* a = windows.Codes(blob, first);
        byte* b = windows.Codes(blob, Window(first, 1));
        switch (windows.Bits)
        {
            case 4:
                byte* c = windows.Codes(blob, Window(first, 2));
                byte* d = windows.Codes(blob, Window(first, 3));
                if (b == a + NibbleWindows.Bytes && d == c + NibbleWindows.Bytes)
                {
                    NibbleLookUp<TTaps>.FourBitsWide(a, c, row, from, weight.Rows, windows, sums);
                }
                else
                {
                    NibbleLookUp<TTaps>.FourBits(a, b, c, d, row, from, weight.Rows, windows, sums);
                }

                break;
            case 3:
                NibbleLookUp<TTaps>.ThreeBits(a, row, from, weight.Rows, windows, sums);
                Fold(sums);
                break;
            default:
                NibbleLookUp<TTaps>.TwoBits(a, b, row, from, weight.Rows, windows, sums);
                break;
        }
    }

    // Even and odd inputs together.
    private static void Fold(float* sums)
    {
        for (int i = 0; i < SetFloats; i += NibbleWindows.Entries)
        {
            RowMath.Add(sums + i, sums + i + Lanes, Lanes);
        }
    }

    // What is missing to a full set at the end is computed twice.
    private int Window(int first, int place) => Math.Min(first + place, windows.Count - 1);
}
