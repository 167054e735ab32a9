using FlatLearning.Dyn;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Tests.Support;
using Xunit.Abstractions;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Portable;

public sealed class PortableFunctionTests(ITestOutputHelper output)
{
    private static readonly int[] Opsets = [7, 8, 9, 10, 11, 12, 13, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25];

    public static TheoryData<int, int, bool> CodeCases
    {
        get
        {
            TheoryData<int, int, bool> cases = [];
            foreach (int bits in (int[])[2, 3, 4, 5, 6, 8])
            {
                for (int taps = 1; taps <= 5; taps++)
                {
                    cases.Add(bits, taps, false);
                    if (bits * taps <= 12)
                    {
                        cases.Add(bits, taps, true);
                    }
                }
            }

            return cases;
        }
    }

    public static TheoryData<int> AllOpsets => [.. Opsets];

    [Theory]
    [MemberData(nameof(CodeCases))]
    public void Codes_EveryBitWidthAndTaps_MatchReference(int bits, int taps, bool isWindow)
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase
        {
            Rows = 70, Columns = 200, Bits = bits, Taps = taps, IsWindow = isWindow, Metric = MetricKinds.None,
            HasRowScale = taps % 2 == 0, HasColumnScale = true, Type = ParameterType.Float32, Seed = 7,
        });
        output.WriteLine($"{PortableCheck.Verify(OrtVersions.All[0], weight, 17, [5, 70])}");
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(5.0)]
    [InlineData(30.0)]
    public void Riem_EverySpread_MatchesReference(double spread)
    {
        WeightCase c = new() { Rows = 70, Columns = 200, Metric = MetricKinds.Riem, StateBits = 8, StateDim = 8, Shifts = 6, Width = 14, Spread = spread, Seed = 3 };
        DynWeight weight = WeightGenerator.Create(c);
        double error = PortableCheck.Verify(OrtVersions.All[0], weight, 17, [5, 70]);
        output.WriteLine($"{RiemExpansion.For((RiemMetric)weight.Metric!)} {error}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Metrics_EveryStateWidth_MatchReference(int stateBits)
    {
        WeightCase c = new() { Rows = 70, Columns = 200, StateBits = stateBits, StateDim = 5, Spread = 2, Seed = stateBits, HasColumnScale = true };
        DynWeight l1 = WeightGenerator.Create(c with { Metric = MetricKinds.DynL1, Heads = 3 });
        DynWeight riem = WeightGenerator.Create(c with { Metric = MetricKinds.Riem, Bits = 3, Taps = 2, HasRowScale = true });
        output.WriteLine($"{PortableCheck.Verify(OrtVersions.All[0], l1, 17, [5, 70])} {PortableCheck.Verify(OrtVersions.All[0], riem, 17, [5, 70])}");
    }

    [Theory]
    [MemberData(nameof(AllOpsets))]
    public void Opsets_EveryStructureClass_MatchReference(int opset)
    {
        WeightCase c = new() { Rows = 20, Columns = 70, StateDim = 5, Width = 3, Spread = 2, HasColumnScale = true, HasRowScale = true, Type = ParameterType.Float16, Seed = opset };
        (WeightCase Case, bool HasBias)[] cases =
        [
            (c with { Bits = 4, Taps = 1 }, false),
            (c with { Bits = 4, Taps = 3, Columns = 64 }, true),
            (c with { Bits = 3, Taps = 3 }, true),
            (c with { Bits = 2, Taps = 5, IsWindow = true }, true),
            (c with { Bits = 8, Taps = 1, Metric = MetricKinds.Riem }, true),
            (c with { Metric = MetricKinds.Riem, HasColumnScale = false, HasRowScale = false }, false),
            (c with { Metric = MetricKinds.DynL1, Heads = 2, StateBits = 5 }, true),
            (c with { Bits = 6, Taps = 2, Metric = MetricKinds.DynL1, Heads = 2, StateBits = 7 }, false),
        ];
        List<string> failures = [];
        foreach (string version in OrtVersions.All.Where(version => opset <= OrtVersions.NewestOpset(version)))
        {
            foreach ((WeightCase item, bool hasBias) in cases)
            {
                try
                {
                    PortableCheck.Verify(version, WeightGenerator.Create(item), opset, [3, 20], hasBias: hasBias);
                }
                catch (Exception e)
                {
                    failures.Add($"{version} {item.Bits} {item.Taps} {item.Metric} {e.Message[..Math.Min(300,e.Message.Length)]}");
                }
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }
}
