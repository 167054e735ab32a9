using FlatLearning.Packages.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Packages.Tests.Arm64;

/// <summary>A 64-bit Arm machine: its library, built here, and an emulator that runs it.</summary>
internal static class ArmMachine
{
    private const int Cores = 2;
    private static readonly Lazy<string> BuiltLibrary = new(BuildLibrary);
    private static readonly Lazy<CHost> EmulatedHost =
        new(() => new CHost("arm64", "aarch64-linux-gnu", [CrossTools.Emulator, "-L", CreateRoot()]));

    /// <summary>The custom-operator library for that machine.</summary>
    public static string Library => BuiltLibrary.Value;

    /// <summary>The host in C on that machine.</summary>
    public static CHost Host => EmulatedHost.Value;

    // The command of docs/packages.md.
    private static string BuildLibrary()
    {
        string project = Path.Combine(Repository.Root, "custom-ops", "FlatLearning.CustomOps");
        new Command(
            Command.DotNet, "build", project, "-c", "Release", "-p:FlatRid=linux-arm64", "--nologo",
            "--disable-build-servers").Text();
        return Path.Combine(project, "bin", "Release", "native", "linux-arm64", "libflat_custom_ops.so");
    }

    // The emulator shows this machine's /proc/cpuinfo, which ONNX Runtime cannot read as an Arm processor's. What lies
    // in its root folder goes first.
    private static string CreateRoot()
    {
        string root = Path.Combine(AppContext.BaseDirectory, "arm64-root");
        if (!Directory.Exists(root))
        {
            Directory.CreateDirectory(root);
            Directory.CreateSymbolicLink(Path.Combine(root, "lib"), $"{CrossTools.SystemRoot}/lib");
        }

        Directory.CreateDirectory(Path.Combine(root, "proc"));
        File.WriteAllLines(Path.Combine(root, "proc", "cpuinfo"), Enumerable.Range(0, Cores).Select(Processor));
        return root;
    }

    private static string Processor(int number) =>
        $"""
        processor	: {number}
        BogoMIPS	: 50.00
        Features	: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm
        CPU implementer	: 0x41
        CPU architecture: 8
        CPU variant	: 0x3
        CPU part	: 0xd0c
        CPU revision	: 1

        """;
}
