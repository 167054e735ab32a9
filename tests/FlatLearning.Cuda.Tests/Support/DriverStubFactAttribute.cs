using System.Runtime.InteropServices;

namespace FlatLearning.Cuda.Tests;

/// <summary>A test with a library that stands in for the driver's: needs a C compiler, and no driver.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DriverStubFactAttribute : FactAttribute
{
    public DriverStubFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "The library that stands in for the driver's is built on Linux.";
        }
        else if (Compiler is null)
        {
            Skip = "There is no C compiler (cc, gcc or clang) on PATH.";
        }
        else if (File.ReadAllText("/proc/self/maps").Contains("libcuda.so", StringComparison.Ordinal)
            || (NativeLibrary.TryLoad("libcuda.so.1", out nint library) && library != 0))
        {
            Skip = "This machine has the driver itself.";
        }
    }

    /// <summary>Its path, or null.</summary>
    public static string? Compiler { get; } = (
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
        from name in (string[])["cc", "gcc", "clang"]
        select Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
