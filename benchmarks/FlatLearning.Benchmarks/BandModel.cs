using FlatLearning.Dyn.Terms;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;

namespace FlatLearning.Benchmarks;

/// <summary>
/// Random weights with codes of several widths as a fit leaves them: along the rows of a column group and along the
/// groups, the wanted width falls evenly, by two bits unless told; what would be less than a bit and a half has no
/// codes.
/// </summary>
internal static class BandModel
{
    private const double Min = 1.5;

    // Bits and taps of the bands.
    private static readonly (int Bits, int Taps)[] Bands = [(6, 2), (5, 2), (4, 3), (3, 4), (2, 5)];

    public static DynWeight Weight(Random random, int rows, int columns, int averageBits, int groupWidth, int fall)
    {
        int groups = (columns + groupWidth - 1) / groupWidth;
        int[] starts = new int[(groups + 1) * Bands.Length];
        for (int group = 0; group < groups; group++)
        {
            for (int band = 0; band < Bands.Length; band++)
            {
                int at = (group * Bands.Length) + band;
                int end = Reach(rows, averageBits + (fall * (0.5 - ((group + 0.5) / groups))), fall, Bands[band].Bits);
                int begin = band == 0
                    ? 0
                    : Reach(rows, averageBits + (fall * (0.5 - ((group + 0.5) / groups))), fall, Bands[band - 1].Bits);
                starts[at + Bands.Length] = starts[at] + end - begin;
            }
        }

        CodeBand[] bands = new CodeBand[Bands.Length];
        for (int band = 0; band < bands.Length; band++)
        {
            (int bits, int taps) = Bands[band];
            int count = starts[(groups * Bands.Length) + band];
            Codebook codebook =
                new(ShapeModel.Parameters(random, [taps, 1 << bits], 1.7 / Math.Sqrt((double)rows * taps)), bits, taps);
            bands[band] = new CodeBand(
                codebook, count == 0 ? null : Codes(random, new CodeLayout(count, groupWidth, bits, groupWidth)));
        }

        return new DynWeight(
            rows, columns, Scales(random, rows), Scales(random, columns),
            new MixedCodes(new BandedCodes(rows, columns, groupWidth, bands, starts)));
    }

    // Rows that want at least so many bits, half a bit more or less: the wanted width at row k is width + fall / 2 -
    // fall · k / rows.
    private static int Reach(int rows, double width, int fall, int bits)
    {
        double min = Math.Max(Min, bits == 2 ? Min : bits - 0.5);
        double wanted = width + (0.5 * fall) - min;
        return fall == 0 ? wanted > 0 ? rows : 0 : (int)Math.Clamp(Math.Round(rows * wanted / fall), 0, rows);
    }

    private static PackedCodes Codes(Random random, CodeLayout layout)
    {
        byte[] blob = new byte[layout.ByteLength];
        random.NextBytes(blob);
        return new PackedCodes(layout, blob);
    }

    // Not zero, and as different as the scales of rows and columns are.
    private static ParameterTensor Scales(Random random, int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)Math.Pow(2, (2 * random.NextDouble()) - 1);
        }

        return new ParameterTensor(values, [count], ParameterType.Float32);
    }
}
