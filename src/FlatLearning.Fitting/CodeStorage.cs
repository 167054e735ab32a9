namespace FlatLearning.Fitting;

/// <summary>
/// How the codes of a weight are stored in the file; section "Storage" of <c>schemas/DynMatMul.md</c>.
/// </summary>
public enum CodeStorage
{
    /// <summary>In fixed width, as the kernels read them; the portable function decodes them.</summary>
    Packed,

    /// <summary>
    /// Entropy coded at one step for the whole weight; only the library decodes them, when its kernel is created.
    /// </summary>
    Entropy,
}
