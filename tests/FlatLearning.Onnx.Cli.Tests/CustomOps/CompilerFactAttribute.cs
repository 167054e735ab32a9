namespace FlatLearning.Onnx.Cli.Tests.CustomOps;

/// <summary>A test that compiles C, and is skipped where there is no compiler.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CompilerFactAttribute : FactAttribute
{
    /// <summary>The compiler.</summary>
    public const string Compiler = "cc";

    public CompilerFactAttribute() =>
        Skip = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, Compiler)))
            ? null
            : $"there is no C compiler '{Compiler}' on the PATH";
}
