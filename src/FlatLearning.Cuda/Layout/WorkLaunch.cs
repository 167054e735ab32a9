namespace FlatLearning.Cuda.Layout;

/// <summary>Items that one launch takes.</summary>
/// <param name="Bits">Bits of their codes.</param>
/// <param name="First">The first item.</param>
/// <param name="Count">How many.</param>
internal readonly record struct WorkLaunch(int Bits, int First, int Count);
