namespace FlatLearning.Packages.Tests.Arm64;

/// <summary>Programs that build for 64-bit Arm on another machine, and run what was built.</summary>
internal static class CrossTools
{
    /// <summary>Where Debian and its children keep the C library for 64-bit Arm.</summary>
    public const string SystemRoot = "/usr/aarch64-linux-gnu";

    public const string Compiler = "clang";
    public const string Linker = "ld.lld";
    public const string Emulator = "qemu-aarch64-static";

    /// <summary>What is missing here; null where everything is there.</summary>
    public static string? Missing { get; } = FindMissing();

    private static string? FindMissing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "needs Linux";
        }

        string[] programs = [Compiler, Linker, Emulator];
        string[] missing = [.. programs.Where(name => !OnPath(name))];
        if (!File.Exists($"{SystemRoot}/lib/libc.so.6"))
        {
            missing = [.. missing, $"the C library in {SystemRoot}"];
        }

        return missing.Length == 0
            ? null
            : $"needs {string.Join(", ", missing)}: docs/packages.md says how to get them";
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
