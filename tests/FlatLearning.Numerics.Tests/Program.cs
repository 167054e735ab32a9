using FlatLearning.Testing;

namespace FlatLearning.Numerics.Tests;

/// <summary>The entry point of the children that <see cref="InstructionSetTests"/> starts.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => InstructionSetProcess.RunChecks(
        arguments,
        new ElementWiseTests().Exp_DenseSweep_StaysWithinStatedError,
        new ElementWiseTests().Sigmoid_DenseSweep_StaysWithinStatedError,
        new ElementWiseTests().Functions_SpecialValues_FollowTheirLimits,
        new ElementWiseTests().Functions_EveryLengthInGuardedMemory_WriteEveryElement,
        new HalfConverterTests().ToSingle_EveryHalf_IsExact,
        new HalfConverterTests().ToSingle_EveryLengthInGuardedMemory_WritesEveryElement);
}
