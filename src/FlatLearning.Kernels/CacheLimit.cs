using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels;

/// <summary>Up to how many elements codes are also kept decoded.</summary>
internal static class CacheLimit
{
    /// <summary>
    /// Another number of elements; 0 keeps nothing decoded (for the least memory, and for tests of the kernels that
    /// read codes).
    /// </summary>
    public const string EnvironmentVariable = "FLAT_CUSTOM_OPS_KEEP";

    /// <summary>
    /// 512 KB in float32: half of a core's second-level cache, from which floats come as fast as codes can be decoded.
    /// In models of such small layers decoding them again and again took up to a third of the time, and their weights
    /// are a small part of a process.
    /// </summary>
    private const long Usual = 1L << 17;

    /// <summary>The number of elements.</summary>
    public static long Elements { get; } =
        long.TryParse(
            Environment.GetEnvironmentVariable(EnvironmentVariable),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out long wanted) ? wanted : Usual;

    // In 256-bit registers the look-up product makes the tables of an input for all columns together: for 32 of them
    // that takes longer than the look-ups. 11,616 x 32, one row, three taps: 41 us, floats 28.
    private const int NarrowColumns = 63;
    private const int NarrowShare = 4;

    /// <summary>The same for a weight of so many columns.</summary>
    public static long For(int columns) =>
        Avx2.IsSupported && !Avx512BW.IsSupported && columns <= NarrowColumns ? NarrowShare * Elements : Elements;
}
