using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting.Bands;

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

    /// <summary>A metric with d coordinates per state and head.</summary>
    public static long Metric(FitMethod method, int rows, int columns, int stateDim, FitOptions options)
    {
        bool riem = method == FitMethod.Riem;
        int coordinates = riem ? stateDim : options.Heads * stateDim;
        long parameters = riem
            ? RiemMetric.ParameterCount(stateDim, Math.Min(options.Shifts, stateDim), options.Width)
            : 2L * options.Heads;
        long range = (riem ? 4L : 2L) * coordinates;
        return Packed(coordinates, rows, options.StateBits) + Packed(coordinates, columns, options.StateBits)
            + (ParameterBytes * (parameters + range));
    }

    /// <summary>The most coordinates for which a metric stays within some bytes; 0 where not even one does.</summary>
    public static int LargestStateDim(FitMethod method, int rows, int columns, double bytes, FitOptions options)
    {
        int max = method == FitMethod.Riem
            ? Dyn.Metrics.Metric.MaxStateDim
            : Dyn.Metrics.Metric.MaxCoordinates / options.Heads;
        (int fits, int fails) = (0, Math.Min(max, Dyn.Metrics.Metric.MaxStateDim) + 1);
        while (fails - fits > 1)
        {
            int middle = (fits + fails) / 2;
            (fits, fails) = Metric(method, rows, columns, middle, options) <= bytes ? (middle, fails) : (fits, middle);
        }

        return fits;
    }

    private static long Packed(int rows, int columns, int bits) =>
        new CodeLayout(rows, columns, bits, CodeLayout.ChooseGroupWidth(columns)).ByteLength;
}
