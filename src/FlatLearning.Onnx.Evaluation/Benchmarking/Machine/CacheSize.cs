using System.Globalization;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>The size of the last-level cache.</summary>
internal static class CacheSize
{
    // Where the system does not say: large for a desktop, common for a server.
    private const long Assumed = 64L << 20;
    private const string Folder = "/sys/devices/system/cpu/cpu0/cache";

    /// <summary>Bytes of the largest cache of the first processor; an assumption where Linux does not tell.</summary>
    public static long LastLevel()
    {
        try
        {
            return Directory.EnumerateDirectories(Folder, "index*")
                .Select(index => Parse(File.ReadAllText(Path.Combine(index, "size"))))
                .DefaultIfEmpty(Assumed)
                .Max();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Assumed;
        }
    }

    /// <summary>Bytes of a text such as "32768K"; 0 where it is no size.</summary>
    internal static long Parse(string text)
    {
        text = text.Trim();
        int shift = text.Length == 0 ? 0 : text[^1] switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        return long.TryParse(
            shift > 0 ? text[..^1] : text,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out long number) ? number << shift : 0;
    }
}
