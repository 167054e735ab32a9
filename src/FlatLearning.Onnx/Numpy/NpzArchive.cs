namespace FlatLearning.Onnx.Numpy;

/// <summary>What an .npz archive holds.</summary>
/// <param name="Arrays">Name (without ".npy") and array, in the archive's order.</param>
/// <param name="Skipped">Name and NumPy type of the arrays that hold no numbers: text, objects, records.</param>
internal sealed record NpzArchive(
    IReadOnlyList<KeyValuePair<string, NpyArray>> Arrays,
    IReadOnlyList<KeyValuePair<string, string>> Skipped);
