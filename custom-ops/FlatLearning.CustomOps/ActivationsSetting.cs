using FlatLearning.Kernels;

namespace FlatLearning.CustomOps;

/// <summary>The session config entry that chooses <see cref="Activations"/>.</summary>
internal static class ActivationsSetting
{
    /// <summary>Its name.</summary>
    public const string Key = "flat.activations";

    /// <summary>Reads a value; false for one that is not known.</summary>
    /// <param name="value">The entry's value, null where there is none.</param>
    /// <param name="activations">What it means.</param>
    public static bool TryParse(string? value, out Activations activations)
    {
        activations = value == "int8" ? Activations.Int8 : Activations.Float32;
        return value is null or "float32" or "int8";
    }
}
