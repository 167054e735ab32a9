using System.Globalization;

namespace FlatLearning.CustomOps.Kernels;

/// <summary>Up to how many elements codes are also kept decoded.</summary>
internal static class KeptLimit
{
    /// <summary>Another number of elements; 0 keeps nothing decoded (for the least memory, and for tests of the kernels that read codes).</summary>
    public const string EnvironmentVariable = "FLAT_CUSTOM_OPS_KEEP";

    /// <summary>
    /// 512 KB in float32: half of a core's second-level cache, from which floats come as fast as codes can be decoded. In models of such small layers decoding them again and again took up
    /// to a third of the time, and their weights are a small part of a process.
    /// </summary>
    private const long Usual = 1L << 17;

    /// <summary>The number of elements.</summary>
    public static long Elements { get; } =
        long.TryParse(Environment.GetEnvironmentVariable(EnvironmentVariable), NumberStyles.None, CultureInfo.InvariantCulture, out long wanted) ? wanted : Usual;
}
