using FlatLearning.Dyn.Operators;
using FlatLearning.Dyn.Tests.Support;

namespace FlatLearning.Dyn.Tests.Operators;

public sealed class DynAttributeListTests
{
    // No attribute has its default value here, so all of them are written.
    private static readonly DynAttributes Good = new(1, 16, 24, 4, 3, "riem", 8, 12, 1, 6, 14);

    private static readonly DynAttributes Banded =
        new(1, 16, 24, 0, 1, "none", 0, 0, 0, 0, 0, "packed", 64, [4, 3], [3, 4]);

    [Theory]
    [InlineData("schema_version", null)]
    [InlineData("shape", null)]
    [InlineData("bits", null)]
    [InlineData("taps", 1L)]
    [InlineData("metric", "none")]
    [InlineData("state_bits", 0L)]
    [InlineData("state_dim", 0L)]
    [InlineData("heads", 0L)]
    [InlineData("shifts", 0L)]
    [InlineData("width", 0L)]
    public void Read_AttributeMissingMistypedOrTwice_TakesDefaultOrNamesIt(string name, object? absent)
    {
        IReadOnlyList<DynAttribute> all = DynAttributeList.Write(Good);
        DynAttribute one = all.Single(a => a.Name == name);
        DynAttribute[] others = [.. all.Where(a => a.Name != name)];
        DynAttribute mistyped = one.Type == DynAttributeType.String
            ? DynAttribute.Int(name, 1)
            : DynAttribute.String(name, "1");
        if (absent is null)
        {
            Assert.Equal($"attribute {name} is missing", Message(others));
        }
        else
        {
            Assert.Equal(absent, ValueOf(DynAttributeList.Read(others), name));
        }

        Assert.StartsWith($"attribute {name} has the type", Message([.. others, mistyped]));
        Assert.Equal($"attribute {name} is there twice", Message([.. all, one]));
    }

    [Fact]
    public void Write_WeightWithoutMetricAndOneTap_LeavesDefaultsOut() => Assert.Equal(
        ["schema_version", "shape", "bits"],
        DynAttributeList.Write(WeightGenerator.Create(new WeightCase { Bits = 4 }).Attributes)
            .Select(attribute => attribute.Name));

    [Theory]
    [InlineData("group_width")]
    [InlineData("band_bits")]
    [InlineData("band_taps")]
    public void Read_BandAttributeMistypedOrTwice_NamesIt(string name)
    {
        IReadOnlyList<DynAttribute> all = DynAttributeList.Write(Banded);
        DynAttribute[] others = [.. all.Where(a => a.Name != name)];
        Assert.StartsWith($"attribute {name} has the type", Message([.. others, DynAttribute.String(name, "1")]));
        Assert.Equal($"attribute {name} is there twice", Message([.. all, all.Single(a => a.Name == name)]));
        Assert.Equal([4L, 3], DynAttributeList.Read(all).BandBits!);
        Assert.Equal([3L, 4], DynAttributeList.Read(all).BandTaps!);
        Assert.Equal(64, DynAttributeList.Read(all).GroupWidth);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Read_ShapeOfOtherLength_Throws(int length) => Assert.Contains(
        "expected 2",
        Message(
            [
                .. DynAttributeList.Write(Good).Where(a => a.Name != "shape"),
                DynAttribute.Ints("shape", new long[length])]));

    [Fact]
    public void Read_UnknownAttribute_IsIgnored() =>
        Assert.Equal(Good, DynAttributeList.Read([.. DynAttributeList.Write(Good), DynAttribute.Int("note", 7)]));

    private static object ValueOf(DynAttributes attributes, string name) => name switch
    {
        "taps" => attributes.Taps,
        "metric" => attributes.Metric,
        "state_bits" => attributes.StateBits,
        "state_dim" => attributes.StateDim,
        "heads" => attributes.Heads,
        "shifts" => attributes.Shifts,
        "width" => attributes.Width,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static string Message(IEnumerable<DynAttribute> attributes) =>
        Assert.Throws<DynFormatException>(() => DynAttributeList.Read(attributes)).Message;
}
