using System.Runtime.InteropServices;
using FlatLearning.Packages.Tests.Support;

namespace FlatLearning.Packages.Tests.Arm64;

/// <summary>The host in C (<c>run_model.c</c>), compiled for one kind of machine.</summary>
/// <param name="architecture">The processor, as .NET names it.</param>
/// <param name="target">The processor and system, as the compiler names them.</param>
/// <param name="emulator">What runs programs for that machine, with its arguments; empty where this one does.</param>
internal sealed class CHost(string architecture, string target, string[] emulator)
{
    private readonly Lazy<string> _program = new(() => Compile(architecture, target));

    /// <summary>Runs a model once.</summary>
    /// <param name="model">The model's file.</param>
    /// <param name="library">The custom-operator library.</param>
    /// <param name="sample">The input.</param>
    /// <returns>The elements of the only output.</returns>
    public float[] Run(string model, string library, Sample sample)
    {
        string onnxRuntime = Path.Combine(
            BuildFacts.OnnxRuntimePackage, "runtimes", $"linux-{architecture}", "native", "libonnxruntime.so");
        string[] line =
            [.. emulator, _program.Value, onnxRuntime, model, library, sample.Type,
            .. sample.Shape.Select(d => $"{d}")];
        Command command = new(line[0], line[1..]) { Input = sample.Bytes };
        return MemoryMarshal.Cast<byte, float>(command.Bytes()).ToArray();
    }

    private static string Compile(string architecture, string target)
    {
        string program = Path.Combine(AppContext.BaseDirectory, $"run_model-{architecture}");
        string header = Path.Combine(BuildFacts.OnnxRuntimePackage, "build", "native", "include");
        string source = Path.Combine(AppContext.BaseDirectory, "Arm64", "run_model.c");
        new Command(
            CrossTools.Compiler, $"--target={target}", "-fuse-ld=lld", "-O1", "-Wall", "-Werror", "-I", header, "-o",
            program, source, "-ldl").Text();
        return program;
    }
}
