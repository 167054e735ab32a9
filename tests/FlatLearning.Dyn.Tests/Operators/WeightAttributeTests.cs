using FlatLearning.Dyn.Operators;
using FlatLearning.Dyn.Tests.Support;

namespace FlatLearning.Dyn.Tests.Operators;

/// <summary>The list of attributes: types, defaults, repetitions.</summary>
public sealed class WeightAttributeTests
{
    // No attribute has its default value here, so all of them are written.
    private static readonly WeightCase Good =
        new() { Rows = 16, Columns = 24, Bits = 4, Taps = 3, Metric = "riem", StateBits = 8, StateDim = 12, Shifts = 6,
            Width = 14 };

    private static readonly WeightCase Banded =
        new() { Rows = 16, Columns = 24, Bands = [4, 3], Taps = 3, GroupWidth = 64 };

    [Theory]
    [InlineData("schema_version", "attribute schema_version is missing")]
    [InlineData("shape", "attribute shape is missing")]
    [InlineData("bits", "attribute bits is missing")]
    [InlineData("taps", "codebook has the shape [3, 16], expected [1, 16]")]
    [InlineData("metric", "attribute state_bits is 8, expected 0")]
    [InlineData("state_bits", "attribute state_bits is 0, expected 1 to 8")]
    [InlineData("state_dim", "attribute state_dim is 0, expected 1 to 4096")]
    [InlineData("heads", "attribute heads is 0, expected 1")]
    [InlineData("shifts", "attribute shifts is 0, expected 1 to 12")]
    [InlineData("width", "attribute width is 0, expected 1 to 4096")]
    public void Read_AttributeMissingMistypedOrTwice_TakesDefaultOrNamesIt(string name, string missing)
    {
        NodeCase node = new(Good);
        DynAttribute one = node.Attributes.Single(a => a.Name == name);
        node.Attributes.Add(one);
        Assert.Equal($"attribute {name} is there twice", Message(node));
        node.Attributes.RemoveAll(a => a.Name == name);
        Assert.StartsWith(missing, Message(node));
        node.Set(
            one.Type == DynAttributeType.String ? DynAttribute.Int(name, 1) : DynAttribute.String(name, "1"));
        Assert.StartsWith(
            $"attribute {name} is {(one.Type == DynAttributeType.String ? "an int" : "a string")}, expected a",
            Message(node));
    }

    [Theory]
    [InlineData("group_width")]
    [InlineData("band_bits")]
    [InlineData("band_taps")]
    public void Read_BandAttributeMistypedOrTwice_NamesIt(string name)
    {
        NodeCase node = new(Banded);
        Assert.Equal([4L, 3], node.Attributes.Single(a => a.Name == "band_bits").Integers);
        Assert.Equal(64, node.Read().Bands!.GroupWidth);
        node.Attributes.Add(node.Attributes.Single(a => a.Name == name));
        Assert.Equal($"attribute {name} is there twice", Message(node));
        node.Set(DynAttribute.String(name, "1"));
        Assert.StartsWith($"attribute {name} is a string, expected a", Message(node));
    }

    [Fact]
    public void Write_WeightWithoutMetricAndOneTap_LeavesDefaultsOut() => Assert.Equal(
        ["schema_version", "shape", "bits"],
        DynWeightWriter.Write(WeightGenerator.Create(new WeightCase { Bits = 4 })).Attributes.Select(a => a.Name));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Read_ShapeOfOtherLength_Throws(int length)
    {
        NodeCase node = new(Good);
        node.Set(DynAttribute.Ints("shape", new long[length]));
        Assert.Contains("expected 2", Message(node));
    }

    [Fact]
    public void Read_UnknownAttribute_IsIgnored()
    {
        NodeCase node = new(Good);
        string before = node.Read().Describe();
        node.Set("note", 7);
        Assert.Equal(before, node.Read().Describe());
    }

    [Fact]
    public void Attributes_OfAllTerms_HaveNamesOfTheirOwn() => Assert.Equal(
        WeightSchema.Attributes.Count, WeightSchema.Attributes.Select(a => a.Name).Distinct().Count());

    private static string Message(NodeCase node) => Assert.Throws<DynFormatException>(node.Read).Message;
}
