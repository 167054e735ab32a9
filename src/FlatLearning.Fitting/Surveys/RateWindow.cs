namespace FlatLearning.Fitting.Surveys;

/// <summary>
/// Which representations count as being "at" a rate. Codes of b bits have scales and tables besides, so that at rate b
/// up to a quarter of a bit more is allowed; and what takes a whole bit less than the rate is no competitor at it.
/// </summary>
internal static class RateWindow
{
    /// <summary>Bits per weight above a rate that codes with their scales may take.</summary>
    public const double Above = 0.25;

    /// <summary>Bits per weight below a rate that are still compared at it.</summary>
    public const double Below = 1;

    // Bits per weight are ratios of bytes; a format at exactly the edge belongs inside.
    private const double Rounding = 1e-9;

    /// <summary>Whether so many bits per weight may be compared at a rate.</summary>
    public static bool Contains(double rate, double bits) =>
        bits <= rate + Above + Rounding && bits >= rate - Below - Rounding;

    /// <summary>Of several configurations the one with the most bits that fits a rate, or the default value.</summary>
    public static T? Widest<T>(double rate, IEnumerable<T> configurations, Func<T, double> bits)
        where T : class =>
        configurations.Where(item => Contains(rate, bits(item))).MaxBy(bits);
}
