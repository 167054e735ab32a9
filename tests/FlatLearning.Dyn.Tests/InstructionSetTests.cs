using FlatLearning.Testing;

namespace FlatLearning.Dyn.Tests;

public sealed class InstructionSetTests
{
    [X64Theory]
    [InlineData(256)]
    [InlineData(128)]
    [InlineData(0)]
    public async Task Decoding_WithNarrowerVectors_AgreesWithReference(int width) =>
        await InstructionSetProcess.RunAsync(width, typeof(InstructionSetTests).Assembly.Location);
}
