using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Operators;
using FlatLearning.Dyn.Tests.Support;

namespace FlatLearning.Dyn.Tests.Operators;

public sealed class DynWeightWriterTests
{
    [Fact]
    public void Write_ThenRead_IsTheSameWeightBitForBit()
    {
        for (int seed = 5000; seed < 5400; seed++)
        {
            WeightCase c = WeightGenerator.Draw(seed);
            DynWeight weight = WeightGenerator.Create(c);
            DynNode node = DynWeightWriter.Write(weight);
            DynWeight back = DynWeightReader.Read(node.Attributes, input => node.Inputs.GetValueOrDefault(input));
            Assert.Equal(
                node.Attributes.Select(Text), DynWeightWriter.Write(back).Attributes.Select(Text));
            Assert.Equal((weight.Rows, weight.Columns), (back.Rows, back.Columns));
            Assert.Equal(weight.Terms.Select(term => term.GetType()), back.Terms.Select(term => term.GetType()));
            Assert.Equal(weight.Bands?.GroupWidth, back.Bands?.GroupWidth);
            Assert.Equal(weight.Metric?.Describe(), back.Metric?.Describe());
            Assert.Equal(weight.Sparse?.Gaps.ToArray(), back.Sparse?.Gaps.ToArray());
            AssertSame(weight.Sparse?.Values, back.Sparse?.Values);
            Assert.Equal(weight.Bands?.Starts.ToArray(), back.Bands?.Starts.ToArray());
            for (int band = 0; band < (weight.Bands?.Bands.Count ?? 0); band++)
            {
                AssertSame(weight.Bands!.Bands[band].Codes, back.Bands!.Bands[band].Codes);
                AssertSame(weight.Bands!.Bands[band].Codebook.Table, back.Bands!.Bands[band].Codebook.Table);
            }

            AssertSame(weight.Codes, back.Codes);
            AssertSame(weight.Codebook?.Table, back.Codebook?.Table);
            Assert.Equal(weight.Codebook?.IsWindow, back.Codebook?.IsWindow);
            AssertSame(weight.RowScale, back.RowScale);
            AssertSame(weight.ColumnScale, back.ColumnScale);
            AssertSame(weight.Metric?.States.Rows, back.Metric?.States.Rows);
            AssertSame(weight.Metric?.States.Columns, back.Metric?.States.Columns);
            AssertSame(weight.Metric?.States.Range, back.Metric?.States.Range);
            AssertSame(weight.Metric?.Parameters, back.Metric?.Parameters);
            Assert.Equal(weight.StoredBytes, node.Inputs.Values.Sum(tensor => (long)tensor.Bytes.Length));
        }
    }

    [Fact]
    public void Write_Codes_AreNotCopied()
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Bits = 4 });
        Assert.True(weight.Codes!.Bytes.Equals(DynWeightWriter.Write(weight).Inputs[WeightInput.Codes].Bytes));
    }

    [Fact]
    public void Write_Attributes_AreThoseOfTheSpecification()
    {
        DynNode node = DynWeightWriter.Write(WeightGenerator.Create(
            new WeightCase { Rows = 3, Columns = 5, Bits = 4, Taps = 2, Metric = "riem", StateBits = 7, StateDim = 4,
                Shifts = 2, Width = 6 }));
        Assert.Equal(
            "schema_version=1 shape=3,5 bits=4 taps=2 metric=riem state_bits=7 state_dim=4 heads=1 shifts=2 width=6",
            string.Join(' ', node.Attributes.Select(Text)));
        Assert.Equal(
            [WeightInput.Codes, WeightInput.Codebook, WeightInput.RowScale, WeightInput.ColumnScale,
            WeightInput.RowStates,
            WeightInput.ColumnStates, WeightInput.StateRange, WeightInput.MetricParameters],
            node.Inputs.Keys);
    }

    private static string Text(DynAttribute attribute) =>
        $"{attribute.Name}={string.Join(',', attribute.Integers)}{attribute.Text}";

    private static void AssertSame(PackedCodes? expected, PackedCodes? actual)
    {
        Assert.Equal(expected?.Layout, actual?.Layout);
        Assert.True((expected?.Bytes ?? default).Span.SequenceEqual((actual?.Bytes ?? default).Span));
    }

    private static void AssertSame(ParameterTensor? expected, ParameterTensor? actual)
    {
        Assert.Equal(expected?.Type, actual?.Type);
        Assert.Equal(expected?.Shape, actual?.Shape);
        Assert.Equal(
            expected?.Values.Select(BitConverter.SingleToInt32Bits),
            actual?.Values.Select(BitConverter.SingleToInt32Bits));
    }
}
