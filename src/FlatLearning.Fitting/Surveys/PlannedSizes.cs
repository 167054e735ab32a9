using FlatLearning.Dyn.Layout;
using FlatLearning.Fitting.Bands;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Surveys;

/// <summary>
/// Bytes that our own representations will take, before they are fitted: with 16 bits for every parameter.
/// </summary>
internal static class PlannedSizes
{
    private const int ParameterBytes = 2;

    /// <summary>Codes with their codebook and column scales.</summary>
    public static long Codes(int rows, int columns, int bits, int taps, bool rowScales) =>
        Packed(rows, columns, bits) + (ParameterBytes * (((long)taps << bits) + columns + (rowScales ? rows : 0)));

    /// <summary>What bands store besides codes: scales in a byte each, tables and the sections.</summary>
    public static long BandsWithoutCodes(int rows, int columns)
    {
        int groups = ((columns - 1) / BandFitter.GroupWidth(columns)) + 1;
        return rows + columns + BandCodebooks.TableBytes + (sizeof(int) * (groups + 1L) * BandCodebooks.Widths.Length);
    }

    /// <summary>The most coordinates for which a metric stays within some bytes; 0 where not even one does.</summary>
    public static int LargestStateDim(MetricPlan plan, int rows, int columns, double bytes)
    {
        (int fits, int fails) = (0, plan.MaxStateDim + 1);
        while (fails - fits > 1)
        {
            int middle = (fits + fails) / 2;
            (fits, fails) = (plan with { StateDim = middle }).PackedBytes(rows, columns) <= bytes
                ? (middle, fails)
                : (fits, middle);
        }

        return fits;
    }

    private static long Packed(int rows, int columns, int bits) =>
        new CodeLayout(rows, columns, bits, CodeLayout.ChooseGroupWidth(columns)).ByteLength;
}
