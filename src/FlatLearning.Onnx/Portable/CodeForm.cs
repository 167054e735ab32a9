namespace FlatLearning.Onnx.Portable;

/// <summary>What the decoding of packed codes depends on.</summary>
/// <param name="Bits">b: bits of a code.</param>
/// <param name="Taps">Taps of the codebook.</param>
/// <param name="IsWindow">Whether the codebook is one table over a window of codes.</param>
/// <param name="HasFewRows">Whether there are fewer rows than taps.</param>
internal sealed record CodeForm(int Bits, int Taps, bool IsWindow = false, bool HasFewRows = false);
