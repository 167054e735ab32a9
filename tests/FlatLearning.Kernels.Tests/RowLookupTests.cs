using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Tests.Support;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Tests;

/// <summary>Rows that are looked up one by one, against the reference values of the whole weight.</summary>
public sealed class RowLookupTests
{
    private const int Seeds = 60;

    // Five taps and two scales, each rounded once.
    private const double RoundingSteps = 16;
    private const double Unit = 1.0 / (1 << 23);

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Seeds)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Read_AnyWeight_GivesItsRows(int seed) =>
        Check(WeightGenerator.Create(WeightGenerator.Draw(seed)), seed);

    [Theory]
    [InlineData(1, 64, 64)]
    [InlineData(2, 128, 128)]
    [InlineData(3, 256, 128)]
    [InlineData(4, 96, 32)]
    [InlineData(5, 384, 192)]
    public void Read_CodesOfFourBits_GivesItsRows(int taps, int columns, int groupWidth) => Check(
        WeightGenerator.Create(
            new WeightCase
            {
                Rows = 300, Columns = columns, Bits = 4, Taps = taps, GroupWidth = groupWidth, HasColumnScale = true,
                HasRowScale = taps % 2 == 0,
            }),
        taps);

    [Fact]
    public void Read_TooLittleRoom_IsRefused()
    {
        RowLookup lookup = new(
            WeightGenerator.Create(new WeightCase { Rows = 3, Columns = 8, Bits = 2, HasColumnScale = true }));

        Assert.Throws<ArgumentException>(() => lookup.Read(ThreadWorkers.Single, [0, 1], new float[15]));
    }

    private static void Check(DynWeight weight, int seed)
    {
        double[] expected = ReferenceDecoder.Decode(weight);
        float[] dense = new float[expected.Length];
        new WeightDecoder(weight).Decode(dense);
        Random random = new(seed);
        int[] rows = [.. Enumerable.Range(0, 150).Select(_ => random.Next(weight.Rows)), 0, weight.Rows - 1];
        float[] found = new float[rows.Length * weight.Columns];

        new RowLookup(weight).Read(ThreadWorkers.Single, rows, found);

        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < rows.Length; i++)
        {
            for (int n = 0; n < weight.Columns; n++)
            {
                int at = (rows[i] * weight.Columns) + n;

                // What the decoder of the whole weight is off by, a metric in float32 above all, is not judged here.
                double allowed = Math.Abs(dense[at] - expected[at]) + (RoundingSteps * Unit * scale);
                Assert.True(
                    Math.Abs(found[(i * weight.Columns) + n] - expected[at]) <= allowed,
                    $"row {rows[i]}, column {n}: {found[(i * weight.Columns) + n]}, expected {expected[at]}");
            }
        }
    }
}
