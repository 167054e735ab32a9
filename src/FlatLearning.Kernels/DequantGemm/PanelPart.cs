namespace FlatLearning.Kernels.DequantGemm;

/// <summary>Neighbouring columns of one group.</summary>
/// <param name="Group">The group.</param>
/// <param name="First">The first column, counted within the group; a multiple of 16.</param>
/// <param name="Column">The same, counted in the matrix.</param>
/// <param name="Count">Columns of the matrix.</param>
/// <param name="Width">The same rounded up to a multiple of 16.</param>
internal readonly record struct PanelPart(int Group, int First, int Column, int Count, int Width);
