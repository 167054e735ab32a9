using FlatLearning.Testing;

namespace FlatLearning.Kernels.Tests;

/// <summary>The entry point of the children that <see cref="InstructionSetTests"/> starts.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => InstructionSetProcess.RunChecks(arguments, CheckKernels);

    // Every kernel that runs here, by name, and what plans choose.
    private static void CheckKernels()
    {
        foreach (KernelInfo info in KernelCatalogue.Kernels.Where(info => info.Needs.Missing() is null))
        {
            KernelCheck.Run(
                info.Name, KernelCases.Of(info.Name).Where((_, i) => i % 10 == 0), Slacks.Of(info.Name));
        }

        PlanTests.CheckDrawn(40);
    }
}
