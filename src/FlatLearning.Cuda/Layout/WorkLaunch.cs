namespace FlatLearning.Cuda.Layout;

/// <summary>Items that one launch takes.</summary>
/// <param name="Bits">Bits of their codes.</param>
/// <param name="IsNarrow">Whether the narrow kernel takes them, of those that look up.</param>
/// <param name="First">The first item.</param>
/// <param name="Count">How many.</param>
internal readonly record struct WorkLaunch(int Bits, bool IsNarrow, int First, int Count);
