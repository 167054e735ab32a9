using System.Globalization;
using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Operators;
using FlatLearning.Kernels;

namespace FlatLearning.CustomOps;

/// <summary>What whoever runs a model may choose.</summary>
internal static unsafe class HostSettings
{
    /// <summary>The session config entry that chooses <see cref="Activations"/>; set before the library is registered.
    /// </summary>
    public const string ActivationsKey = "flat.activations";

    // An environment variable: up to how many elements weights are also kept decoded.
    private const string CacheVariable = "FLAT_CUSTOM_OPS_KEEP";

    /// <summary>See <see cref="MatMulSettings.MaxCachedElements"/>.</summary>
    public static long? MaxCachedElements { get; } =
        long.TryParse(
            Environment.GetEnvironmentVariable(CacheVariable), NumberStyles.None, CultureInfo.InvariantCulture,
            out long elements)
            ? elements
            : null;

    /// <summary>The activations that a session asks for.</summary>
    /// <exception cref="OperatorException">The entry has another value than those that are known.</exception>
    public static Activations Activations(OrtApi api, nint options) => Entry(api, options, ActivationsKey) switch
    {
        null or "float32" => Kernels.Activations.Float32,
        "int8" => Kernels.Activations.Int8,
        string value => throw new OperatorException(
            $"The session config entry {ActivationsKey} is '{value}', expected 'float32' (the default) or 'int8'."),
    };

    // Null where the session has none of that name, or sets it only after it registered the library.
    private static string? Entry(OrtApi api, nint options, string key)
    {
        using Utf8 name = new(key);
        int exists = 0;
        api.Check(api.Functions->HasSessionConfigEntry(options, name.Pointer, &exists));
        if (exists == 0)
        {
            return null;
        }

        nuint size = 0;
        api.Check(api.Functions->GetSessionConfigEntry(options, name.Pointer, null, &size));
        byte[] text = new byte[(int)size + 1];
        fixed (byte* p = text)
        {
            api.Check(api.Functions->GetSessionConfigEntry(options, name.Pointer, p, &size));
            return OrtApi.Text(p);
        }
    }
}
