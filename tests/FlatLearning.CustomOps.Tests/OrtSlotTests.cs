using System.Reflection;
using FlatLearning.CustomOps.Api;
using FlatLearning.Testing;

namespace FlatLearning.CustomOps.Tests;

public sealed class OrtSlotTests
{
    // Read off the C header by hand, one function of each subject and the neighbours of every gap.
    [Theory]
    [InlineData(OrtSlot.CreateStatus, 0)]
    [InlineData(OrtSlot.GetErrorMessage, 2)]
    [InlineData(OrtSlot.CreateCustomOpDomain, 26)]
    [InlineData(OrtSlot.AddCustomOpDomain, 28)]
    [InlineData(OrtSlot.GetTensorMutableData, 51)]
    [InlineData(OrtSlot.GetSymbolicDimensions, 63)]
    [InlineData(OrtSlot.KernelInfoGetAttributeString, 87)]
    [InlineData(OrtSlot.KernelContextGetOutput, 91)]
    [InlineData(OrtSlot.KernelInfoGetAttributeArrayInt64, 163)]
    [InlineData(OrtSlot.KernelInfoGetConstantInputTensor, 249)]
    [InlineData(OrtSlot.ShapeInferContextSetOutputTypeShape, 270)]
    [InlineData(OrtSlot.KernelContextParallelFor, 274)]
    [InlineData(OrtSlot.GetTensorElementTypeAndShapeDataReference, 414)]
    public void Slot_OfFunction_IsThatOfTheHeader(int slot, int expected) => Assert.Equal(expected, slot);

    [SharedFact]
    public void Slots_AgainstTheTable_AgreeAndAreOldEnough()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Shared!, "ort", "OrtApi-slots.tsv"));
        Dictionary<string, (int Slot, int Since)> table = lines.Skip(1).Select(line => line.Split('\t'))
            .ToDictionary(
                f => f[1].Replace("_", string.Empty, StringComparison.Ordinal),
                f => (int.Parse(f[0]), int.Parse(f[2])),
                StringComparer.OrdinalIgnoreCase);
        FieldInfo[] slots = typeof(OrtSlot).GetFields(BindingFlags.Static | BindingFlags.Public);
        Assert.True(slots.Length > 40);
        foreach (FieldInfo field in slots)
        {
            (int slot, int since) = table[field.Name];
            Assert.Equal(slot, (int)field.GetRawConstantValue()!);
            uint usable = field.Name == nameof(OrtSlot.GetTensorElementTypeAndShapeDataReference)
                ? OrtApi.ShapeReferenceVersion
                : OrtApi.OldestUsableVersion;
            Assert.True(since <= usable, $"{field.Name} came with version {since}.");
        }
    }

    [Fact]
    public void Table_Properties_EachReadTheSlotOfTheirName()
    {
        // A table whose entry i is i + 1: every typed property must return its own slot.
        nint[] entries = [.. Enumerable.Range(1, 512).Select(i => (nint)i)];
        string[] wrong = [.. TableProbe.ReadAll(entries).Where(p => p.Value != p.Slot + 1).Select(p => p.Name)];
        Assert.Empty(wrong);
    }
}
