using FlatLearning.Testing;

namespace FlatLearning.Numerics.Tests;

public sealed class InstructionSetTests
{
    [X64Theory]
    [InlineData(256)]
    [InlineData(128)]
    [InlineData(0)]
    public async Task Checks_WithNarrowerVectors_Pass(int width) =>
        await InstructionSetProcess.RunAsync(width, typeof(InstructionSetTests).Assembly.Location);
}
