namespace FlatLearning.Kernels.Tests.Support;

/// <summary>
/// A theory of one kernel, skipped, with the reason, where the processor lacks an instruction set that it needs.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KernelTheoryAttribute : TheoryAttribute
{
    public KernelTheoryAttribute(string kernel) =>
        Skip = KernelCatalogue.Kernels.Single(info => info.Name == kernel).Needs.Missing();
}
