namespace FlatLearning.Kernels;

/// <summary>A line of the catalogue.</summary>
/// <param name="Name">Its name, by which <see cref="MatMulSettings.Kernel"/> asks for it.</param>
/// <param name="Needs">The instructions that it cannot do without.</param>
/// <param name="Rows">For how many rows of x it is chosen.</param>
/// <param name="Multiplies">For which weights.</param>
/// <param name="How">How it works, in one sentence.</param>
public sealed record KernelInfo(string Name, InstructionSets Needs, string Rows, string Multiplies, string How);
