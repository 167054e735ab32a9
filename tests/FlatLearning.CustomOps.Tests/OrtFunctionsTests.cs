using System.Reflection;
using System.Runtime.InteropServices;
using FlatLearning.CustomOps.Api;
using FlatLearning.Testing;

namespace FlatLearning.CustomOps.Tests;

public sealed class OrtFunctionsTests
{
    // Read off the C header by hand, one function of each subject and the neighbours of every gap.
    [Theory]
    [InlineData(nameof(OrtFunctions.CreateStatus), 0)]
    [InlineData(nameof(OrtFunctions.GetErrorMessage), 2)]
    [InlineData(nameof(OrtFunctions.CreateCustomOpDomain), 26)]
    [InlineData(nameof(OrtFunctions.AddCustomOpDomain), 28)]
    [InlineData(nameof(OrtFunctions.GetTensorMutableData), 51)]
    [InlineData(nameof(OrtFunctions.GetSymbolicDimensions), 63)]
    [InlineData(nameof(OrtFunctions.KernelInfoGetAttributeString), 87)]
    [InlineData(nameof(OrtFunctions.KernelContextGetOutput), 91)]
    [InlineData(nameof(OrtFunctions.GetAvailableProviders), 125)]
    [InlineData(nameof(OrtFunctions.KernelInfoGetAttributeArrayInt64), 163)]
    [InlineData(nameof(OrtFunctions.KernelContextGetGPUComputeStream), 193)]
    [InlineData(nameof(OrtFunctions.KernelInfoGetConstantInputTensor), 249)]
    [InlineData(nameof(OrtFunctions.ShapeInferContextSetOutputTypeShape), 270)]
    [InlineData(nameof(OrtFunctions.KernelContextParallelFor), 274)]
    [InlineData(nameof(OrtFunctions.GetTensorElementTypeAndShapeDataReference), 414)]
    public void Function_Slot_IsThatOfTheHeader(string name, int expected) => Assert.Equal(expected, SlotOf(name));

    [SharedFact]
    public void Functions_AgainstTheTable_LieAtTheirSlotsAndAreOldEnough()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Shared!, "ort", "OrtApi-slots.tsv"));
        Dictionary<string, (int Slot, int Since)> table = lines.Skip(1).Select(line => line.Split('\t'))
            .ToDictionary(
                f => f[1].Replace("_", string.Empty, StringComparison.Ordinal),
                f => (int.Parse(f[0]), int.Parse(f[2])),
                StringComparer.OrdinalIgnoreCase);
        FieldInfo[] functions = typeof(OrtFunctions).GetFields(BindingFlags.Instance | BindingFlags.Public);
        Assert.True(functions.Length > 35);
        foreach (FieldInfo field in functions)
        {
            (int slot, int since) = table[field.Name];
            Assert.Equal(slot, SlotOf(field.Name));
            uint usable = field.Name == nameof(OrtFunctions.GetTensorElementTypeAndShapeDataReference)
                ? OrtApi.ShapeReferenceVersion
                : OrtApi.OldestUsableVersion;
            Assert.True(since <= usable, $"{field.Name} came with version {since}.");
        }
    }

    private static int SlotOf(string name) => (int)Marshal.OffsetOf<OrtFunctions>(name) / 8;
}
