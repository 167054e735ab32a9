using FlatLearning.Dyn.Operators;
using FlatLearning.Dyn.Tests.Support;

namespace FlatLearning.Dyn.Tests.Operators;

public sealed class DynAttributeListTests
{
    private static readonly DynAttributes Good = WeightGenerator.Create(new WeightCase { Bits = 4 }).Attributes;

    [Theory]
    [InlineData("schema_version")]
    [InlineData("shape")]
    [InlineData("bits")]
    [InlineData("taps")]
    [InlineData("metric")]
    [InlineData("state_bits")]
    [InlineData("state_dim")]
    [InlineData("heads")]
    [InlineData("shifts")]
    [InlineData("width")]
    public void Read_AttributeMissingMistypedOrTwice_NamesIt(string name)
    {
        IReadOnlyList<DynAttribute> all = DynAttributeList.Write(Good);
        DynAttribute one = all.Single(a => a.Name == name);
        DynAttribute[] others = [.. all.Where(a => a.Name != name)];
        DynAttribute mistyped = one.Type == DynAttributeType.String ? DynAttribute.Int(name, 1) : DynAttribute.String(name, "1");
        Assert.Equal($"attribute {name} is missing", Message(others));
        Assert.StartsWith($"attribute {name} has the type", Message([.. others, mistyped]));
        Assert.Equal($"attribute {name} is there twice", Message([.. all, one]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Read_ShapeOfOtherLength_Throws(int length) => Assert.Contains(
        "expected 2",
        Message([.. DynAttributeList.Write(Good).Where(a => a.Name != "shape"), DynAttribute.Ints("shape", new long[length])]));

    [Fact]
    public void Read_UnknownAttribute_IsIgnored() =>
        Assert.Equal(Good, DynAttributeList.Read([.. DynAttributeList.Write(Good), DynAttribute.Int("note", 7)]));

    private static string Message(IEnumerable<DynAttribute> attributes) =>
        Assert.Throws<DynFormatException>(() => DynAttributeList.Read(attributes)).Message;
}
