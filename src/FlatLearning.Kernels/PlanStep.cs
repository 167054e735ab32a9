namespace FlatLearning.Kernels;

/// <summary>One kernel of a plan.</summary>
/// <param name="Name">Its name in the catalogue.</param>
/// <param name="Kernel">The prepared kernel.</param>
/// <param name="MaxRows">Up to how many rows it multiplies.</param>
internal sealed record PlanStep(string Name, IMatMulKernel Kernel, long MaxRows);
