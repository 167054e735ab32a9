using FlatLearning.Kernels;

namespace FlatLearning.Kernels.Tests.Support;

/// <summary>A test that needs instructions; skipped, with the reason, where the processor lacks them.</summary>
internal sealed class InstructionSetFactAttribute : FactAttribute
{
    public InstructionSetFactAttribute(InstructionSets needed) => Skip = needed.Missing();
}
