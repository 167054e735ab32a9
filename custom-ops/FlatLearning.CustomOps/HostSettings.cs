using System.Globalization;
using FlatLearning.Cuda.Driver;
using FlatLearning.CustomOps.Api;
using FlatLearning.Dyn;
using FlatLearning.Kernels;

namespace FlatLearning.CustomOps;

/// <summary>What whoever runs a model may choose.</summary>
/// <param name="Activations">In what numbers a few rows of x are multiplied.</param>
/// <param name="Threads">Threads that decode entropy-coded weights while a session is created.</param>
/// <param name="MaxCachedElements">See <see cref="MatMulSettings.MaxCachedElements"/>.</param>
/// <param name="UsesCuda">Whether operators for the CUDA provider are registered, too.</param>
internal sealed unsafe record HostSettings(
    Activations Activations, int Threads, long? MaxCachedElements, bool UsesCuda)
{
    // Session config entries, set before the library is registered. ONNX Runtime does not tell how many threads a
    // session has, and lends them to runs alone: too late to refuse a damaged weight, so that decoding has its own.
    private const string ActivationsKey = "flat.activations";
    private const string ThreadsKey = "flat.threads";

    // An environment variable: up to how many elements weights are also kept decoded.
    private const string CacheVariable = "FLAT_CUSTOM_OPS_KEEP";

    // Another: "on" or "off", whatever the host has. For tests and comparisons.
    private const string CudaVariable = "FLAT_CUSTOM_OPS_CUDA";

    /// <summary>The settings of a session.</summary>
    /// <exception cref="DynFormatException">An entry has another value than those that are known.</exception>
    public static HostSettings Read(OrtApi api, nint options) =>
        new(
            Entry(api, options, ActivationsKey) switch
            {
                null or "fixed" => Activations.Fixed,
                "exact" or "float32" => Activations.Exact,
                "int8" => Activations.Int8,
                string other => throw Unexpected(ActivationsKey, other, "'fixed' (the default), 'exact' or 'int8'"),
            },
            Entry(api, options, ThreadsKey) switch
            {
                null or "0" => Environment.ProcessorCount,
                string text when Number(text) is > 0 and <= int.MaxValue and long threads => (int)threads,
                string other => throw Unexpected(ThreadsKey, other, "a whole number, 0 for all processors"),
            },
            Number(Environment.GetEnvironmentVariable(CacheVariable)),
            Environment.GetEnvironmentVariable(CudaVariable) switch
            {
                "on" => true,
                "off" => false,

                // A session pays for all that it registers: only where a host has the provider, and a machine a driver.
                _ => api.HasProvider(CudaMatMul.CudaProvider) && CudaLibrary.Instance is not null,
            });

    private static DynFormatException Unexpected(string key, string value, string expected) =>
        new($"The session config entry {key} is '{value}', expected {expected}.");

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static string? Entry(OrtApi api, nint options, string key)
    {
        using Utf8 name = new(key);
        byte* pointer = name.Pointer;
        return api.Text((text, size) => api.Functions->GetSessionConfigEntry(options, pointer, text, size));
    }
}
