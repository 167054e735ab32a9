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
}
