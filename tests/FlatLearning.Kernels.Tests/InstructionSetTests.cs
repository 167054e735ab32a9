using FlatLearning.Testing;

namespace FlatLearning.Kernels.Tests;

public sealed class InstructionSetTests
{
    [X64Theory]
    [InlineData(256)]
    [InlineData(128)]
    [InlineData(0)]
    public async Task Kernels_WithNarrowerVectors_AgreeWithReference(int width) =>
        await InstructionSetProcess.RunAsync(width, typeof(InstructionSetTests).Assembly.Location);
}
