using System.Text.RegularExpressions;
using FlatLearning.Cuda.Tests.Ptx;
using FlatLearning.Cuda.Tests.Support;
using FlatLearning.Kernels;

namespace FlatLearning.Cuda.Tests;

/// <summary>Kernels with one fault each: the tests must see every one of them.</summary>
public sealed partial class FaultTests
{
    private static readonly WeightCase Case = new() { Rows = 140, Columns = 500, Bits = 4, Taps = 3, Seed = 9 };

    /// <summary>A kernel, how many rows run it, and what is done to its text.</summary>
    public static TheoryData<string, int, int, string> Barriers()
    {
        TheoryData<string, int, int, string> data = [];
        (string, int, int)[] kernels = [
            ("LookUp4", 1, 4), ("Narrow3", 1, 3), ("LookUp8", 1, 8), ("TileFew4", 8, 4), ("TileMany4", 17, 4),
            ("Finish", 1, 4)];
        foreach ((string kernel, int rows, int bits) in kernels)
        {
            int count = BarrierText().Count(Text(kernel));
            Assert.True(count > 0, $"{kernel} has no barrier");
            for (int i = 0; i < count; i++)
            {
                data.Add(kernel, rows, bits, i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Barriers))]
    public void AMissingBarrier_IsSeen(string kernel, int rows, int bits, string which)
    {
        int left = int.Parse(which, System.Globalization.CultureInfo.InvariantCulture);
        AssertSeen(kernel, rows, bits, text => BarrierText().Replace(text, m => left-- == 0 ? string.Empty : m.Value));
    }

    // The third operand says which lanes a shuffle is among: those of a row's table.
    [Theory]
    [InlineData(3, "6175", "4127")]
    [InlineData(4, "4127", "31")]
    [InlineData(2, "4127", "6175")]
    public void AShuffleAmongOtherLanes_IsSeen(int bits, string right, string wrong)
    {
        // The first one alone.
        Regex first = new($@"(shfl\.sync\.idx\.b32\s.*, ){right},");
        AssertSeen($"LookUp{bits}", 1, bits, text => first.Replace(text, $"${{1}}{wrong},", 1));
    }

    [Fact]
    public void AWrongStrideOfSteps_IsSeen() =>
        AssertSeen("Narrow6", 1, 6, text => text.Replace(", 24;", ", 20;", StringComparison.Ordinal));

    [Fact]
    public void AReductionOverAWrongDistance_IsSeen() =>
        AssertSeen("LookUp4", 1, 4, text => Regex.Replace(text, @"(shfl\.sync\.bfly\.b32\s.*), 16, 31,", "$1, 8, 31,"));

    // 52 bytes are an item.
    [Fact]
    public void AWrongStrideOfItems_IsSeen() =>
        AssertSeen("TileFew4", 8, 4, text => text.Replace(", 52;", ", 48;", StringComparison.Ordinal));

    [Fact]
    public void AWrongStrideOfThePanel_IsSeen() =>
        AssertSeen("TileMany4", 17, 4, text => text.Replace(", 33;", ", 32;", StringComparison.Ordinal));

    [Theory]
    [InlineData("LookUp4", 1)]
    [InlineData("Narrow4", 1)]
    [InlineData("TileFew4", 8)]
    [InlineData("TileMany4", 17)]
    [InlineData("Finish", 1)]
    [InlineData("Prepare", 1)]
    public void AThreadOfAWrongPlace_IsSeen(string kernel, int rows) =>
        AssertSeen(
            kernel, rows, 4, text => text.Replace("%tid.x", "%ctaid.x", StringComparison.Ordinal));

    private static void AssertSeen(string kernel, int rows, int bits, Func<string, string> fault)
    {
        bool isMade = false;
        InterpretedDriver driver = new()
        {
            Mutation = text =>
            {
                string changed = text.Contains($"Kernel_{kernel}(", StringComparison.Ordinal) ? fault(text) : text;
                isMade |= changed != text;
                return changed;
            },
        };
        WeightCase c = Case with
        {
            Bits = bits,
            Taps = bits == 8 ? 1 : 3,
            Columns = kernel.StartsWith("Narrow", StringComparison.Ordinal) ? 100 : Case.Columns,
        };
        Exception? seen = Record.Exception(() => ProductRun.Check(c, rows, ElementType.Float32, driver));
        Assert.True(isMade, "the fault found nothing to change");
        Assert.True(seen is PtxException or InvalidOperationException, $"not seen: {seen}");
    }

    private static string Text(string kernel) => System.Text.Encoding.ASCII.GetString(PtxText.Read(kernel));

    [GeneratedRegex(@"bar\.sync[^;]*;")]
    private static partial Regex BarrierText();
}
