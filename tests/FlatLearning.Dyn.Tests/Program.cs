using FlatLearning.Dyn.Tests.Decoding;
using FlatLearning.Dyn.Tests.Entropy;
using FlatLearning.Testing;

namespace FlatLearning.Dyn.Tests;

/// <summary>The entry point of the children that <see cref="InstructionSetTests"/> starts.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => InstructionSetProcess.RunChecks(
        arguments,
        new CodeUnpackerTests().UnpackRow_EveryWidthAndBitsInGuardedMemory_AgreesWithReader,
        WeightDecoderTests.CheckEveryCodebook,
        () => WeightDecoderTests.CheckRandom(0, 40),
        EntropyStreamTests.CheckEveryShape);
}
