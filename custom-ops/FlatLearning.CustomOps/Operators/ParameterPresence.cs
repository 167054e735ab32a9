namespace FlatLearning.CustomOps.Operators;

/// <summary>Whether a node may leave out an input or output; the numbers are those of the C API.</summary>
public enum ParameterPresence
{
    /// <summary>Always there.</summary>
    Required = 0,

    /// <summary>May be left out: an empty name, or nothing at the end.</summary>
    Optional = 1,
}
