#if FLAT_LOOKS_FOR_SIBLING
using System.Runtime.InteropServices;

namespace FlatLearning.CustomOps;

/// <summary>
/// The build of this library for AVX-512, which lies beside it: found once, asked for every session. Users register the
/// plain build, which runs on every processor with AVX2.
/// </summary>
internal static unsafe class SiblingLibrary
{
    /// <summary>Set to <c>avx2</c> to stay with the plain build (for tests and comparisons).</summary>
    public const string EnvironmentVariable = "FLAT_CUSTOM_OPS_VARIANT";

    private const string FileName = "libflat_custom_ops.avx512.so";

    private static readonly Lazy<nint> Entry = new(Find);

    /// <summary>Hands a registration over.</summary>
    /// <returns>False where there is no sibling or the processor lacks its instructions.</returns>
    public static bool Register(nint options, nint apiBase, out nint status)
    {
        nint entry = Entry.Value;
        status = entry == 0 ? 0 : ((delegate* unmanaged<nint, nint, nint>)entry)(options, apiBase);
        return entry != 0;
    }

    private static nint Find()
    {
        try
        {
            string? wanted = Environment.GetEnvironmentVariable(EnvironmentVariable);
            if (string.Equals(wanted, "avx2", StringComparison.OrdinalIgnoreCase) || !ProcessorHasAvx512())
            {
                return 0;
            }

            string? folder = Path.GetDirectoryName(OwnPath());
            string path = Path.Combine(folder ?? string.Empty, FileName);
            return folder is not null && File.Exists(path) && NativeLibrary.TryLoad(path, out nint library)
                && NativeLibrary.TryGetExport(library, "RegisterCustomOps", out nint entry)
                ? entry
                : 0;
        }
        catch (Exception)
        {
            // Whatever keeps the sibling from loading, this build does the same work.
            return 0;
        }
    }

    // The kernel lists an instruction set only where both the processor and the operating system have it.
    private static bool ProcessorHasAvx512()
    {
        string? line = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(l => l.StartsWith("flags", StringComparison.Ordinal));
        string[] flags = line is null ? [] : line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] needed = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"];
        return needed.All(flags.Contains);
    }

    // The file that is mapped where this code lies. Lines are: first-last permissions offset device inode path
    private static string? OwnPath()
    {
        ulong address = (ulong)(nint)(delegate* unmanaged<nint, nint, nint>)&Exports.RegisterCustomOps;
        return File.ReadLines("/proc/self/maps")
            .Where(line => line.Split('-', ' ') is [string first, string last, ..]
                && address >= Convert.ToUInt64(first, 16) && address < Convert.ToUInt64(last, 16))
            .Select(line => line.IndexOf('/') is >= 0 and int path ? line[path..] : null)
            .FirstOrDefault();
    }
}
#endif
