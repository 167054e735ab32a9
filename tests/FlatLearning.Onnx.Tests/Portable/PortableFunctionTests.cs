using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Terms;
using FlatLearning.Dyn.Tests.Support;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Portable;
using FlatLearning.Onnx.Proto;
using FlatLearning.Testing;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Xunit.Abstractions;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Portable;

public sealed class PortableFunctionTests(ITestOutputHelper output)
{
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

    [Theory]
    [MemberData(nameof(CodeCases))]
    public void Codes_EveryBitWidthAndTaps_MatchReference(int bits, int taps, bool isWindow)
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase
        {
            Rows = 70,
            Columns = 200,
            Bits = bits,
            Taps = taps,
            IsWindow = isWindow,
            Metric = MetricKinds.None,
            HasRowScale = taps % 2 == 0,
            HasColumnScale = true,
            Type = ParameterType.Float32,
            Seed = 7,
        });
        output.WriteLine($"{PortableCheck.Verify(OrtVersions.Package, weight, 17, [5, 70])}");
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(5.0)]
    [InlineData(30.0)]
    public void Riem_EverySpread_MatchesReference(double spread)
    {
        WeightCase c = new() { Rows = 70, Columns = 200, Metric = MetricKinds.Riem, StateBits = 8, StateDim = 8,
            Shifts = 6, Width = 14, Spread = spread, Seed = 3 };
        DynWeight weight = WeightGenerator.Create(c);
        double error = PortableCheck.Verify(OrtVersions.Package, weight, 17, [5, 70]);
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
        WeightCase c = new() { Rows = 70, Columns = 200, StateBits = stateBits, StateDim = 5, Spread = 2,
            Seed = stateBits, HasColumnScale = true };
        DynWeight l1 = WeightGenerator.Create(c with { Metric = MetricKinds.DynL1, Heads = 3 });
        DynWeight riem =
            WeightGenerator.Create(c with { Metric = MetricKinds.Riem, Bits = 3, Taps = 2, HasRowScale = true });
        DynWeight l2 = WeightGenerator.Create(c with { Metric = MetricKinds.DynL2, Heads = 3 });
        DynWeight inverse = WeightGenerator.Create(c with { Metric = MetricKinds.DynInverseL2, Heads = 4 });
        output.WriteLine(
            $"{PortableCheck.Verify(OrtVersions.Package, l2, 17, [5, 70])} "
                + $"{PortableCheck.Verify(OrtVersions.Package, inverse, 17, [5, 70])}");
        output.WriteLine(
            $"{PortableCheck.Verify(OrtVersions.Package, l1, 17, [5, 70])} "
                + $"{PortableCheck.Verify(OrtVersions.Package, riem, 17, [5, 70])}");
    }

    [Theory]
    [EveryOpset(OrtVersions.Package)]
    [EveryOpset("1.30.0")]
    [EveryOpset("1.23.2")]
    [EveryOpset("1.20.1")]
    [EveryOpset("1.17.3")]
    public void Opsets_EveryStructureClass_MatchReference(string version, int opset)
    {
        WeightCase c = new() { Rows = 20, Columns = 70, StateDim = 5, Width = 3, Spread = 2, HasColumnScale = true,
            HasRowScale = true, Type = ParameterType.Float16, Seed = opset };
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
            (c with { Metric = MetricKinds.DynL2, Heads = 2, StateBits = 6 }, true),
            (c with { Metric = MetricKinds.DynL2, Heads = 1, HasColumnScale = false, HasRowScale = false }, false),
            (c with { Metric = MetricKinds.DynInverseL2, Heads = 3, StateBits = 3 }, false),
            (c with { Bits = 4, Taps = 2, Metric = MetricKinds.DynInverseL2, Heads = 1, StateBits = 8 }, true),
        ];
        foreach ((WeightCase item, bool hasBias) in cases)
        {
            PortableCheck.Verify(version, WeightGenerator.Create(item), opset, [3, 20], hasBias: hasBias);
        }

        (WeightCase Case, bool HasBias)[] banded =
        [
            (c with { Bands = [6, 5, 4, 3, 2], Taps = 2, HasLogScales = true, GroupWidth = 24 }, true),
            (c with { Sparse = 40, HasRowScale = false, HasColumnScale = false }, true),
            (c with { Sparse = 300, Bits = 4, Taps = 2 }, true),
            (c with { Bands = [8, 4], Taps = 1, Metric = MetricKinds.DynL2, StateBits = 6 }, false),
        ];
        foreach ((WeightCase item, bool hasBias) in opset >= 11 ? banded : [])
        {
            PortableCheck.Verify(version, WeightGenerator.Create(item), opset, [3, 20], hasBias: hasBias);
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(17)]
    [InlineData(21)]
    public void Bands_SectionsOfEveryLength_MatchReference(int opset)
    {
        for (int seed = 0; seed < 12; seed++)
        {
            WeightCase c = new()
            {
                Rows = (int[])[1, 3, 40, 200] is var rows ? rows[seed % 4] : 0,
                Columns = (int[])[1, 30, 172] is var columns ? columns[seed % 3] : 0,
                Bands = seed % 2 == 0 ? [6, 5, 4, 3, 2] : [8, 3],
                Taps = 1 + (seed % 5),
                GroupWidth = seed % 3 == 0 ? 0 : 40,
                HasLogScales = seed % 2 == 1,
                Seed = seed,
            };
            output.WriteLine(
                $"{PortableCheck.Verify(OrtVersions.Package, WeightGenerator.Create(c), opset, [2, c.Rows])}");
        }
    }

    [Fact]
    public void BandsAndSparseElements_BeforeOperatorSet11_HaveNoForm()
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Bands = [4, 2] });
        Assert.Null(DynStructure.Of(weight, 10, out string? reason));
        Assert.Contains("operator set 11", reason);
        Assert.NotNull(DynStructure.Of(weight, 11));
        DynWeight sparse = WeightGenerator.Create(new WeightCase { Sparse = 9, Bits = 2 });
        Assert.Null(DynStructure.Of(sparse, 10, out reason));
        Assert.Contains("operator set 11", reason);
        Assert.NotNull(DynStructure.Of(sparse, 11));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Formats_DrawnAtRandom_MatchReference(int batch)
    {
        int portable = 0;
        for (int seed = batch * 40; seed < (batch + 1) * 40; seed++)
        {
            WeightCase c = WeightGenerator.Draw(seed);
            DynWeight weight = WeightGenerator.Create(c);
            int opset = EveryOpsetAttribute.Opsets[seed % EveryOpsetAttribute.Opsets.Count];
            if ((weight.Bands is not null || weight.Sparse is not null) && opset < 11)
            {
                opset += 5;
            }

            if (DynStructure.Of(weight, opset, out string? reason) is null)
            {
                Assert.Contains("riem metric is so steep", reason, StringComparison.Ordinal);
                Assert.True(c.Spread > 10, $"{c} must be portable");
                continue;
            }

            portable++;
            PortableCheck.Verify(OrtVersions.Package, weight, opset, [3, c.Rows]);
        }

        Assert.True(portable >= 25, $"only {portable} of 40 weights were portable");
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 9, 5)]
    [InlineData(2, 1, 3)]
    [InlineData(3, 17, 5)]
    public void Taps_MoreThanRows_ReadZeroAboveTheFirstRow(int rows, int columns, int taps)
    {
        foreach (int bits in (int[])[2, 3, 4, 8])
        {
            WeightCase c = new() { Rows = rows, Columns = columns, Bits = bits, Taps = taps, HasColumnScale = true,
                Type = ParameterType.Float32, Seed = taps };
            PortableCheck.Verify(OrtVersions.Package, WeightGenerator.Create(c), 17, [2, rows]);
            PortableCheck.Verify(OrtVersions.Package, WeightGenerator.Create(c), 9, [2, rows]);
        }
    }

    [Theory]
    [OnVersion(OrtVersions.Package)]
    [OnVersion("1.30.0")]
    [OnVersion("1.23.2")]
    [OnVersion("1.20.1")]
    [OnVersion("1.17.3")]
    public void X_EveryElementTypeAndRank_MatchesReference(string version)
    {
        DynWeight weight = WeightGenerator.Create(
            new WeightCase { Rows = 20, Columns = 33, Bits = 4, Taps = 2, HasColumnScale = true, HasRowScale = true,
                Seed = 1 });
        long[][] shapes = [[20], [1, 20], [0, 20], [2, 3, 20], [2, 0, 20], [2, 1, 3, 20]];
        (DataType Type, int Opset)[] types =
        [
            (DataType.Float, 7), (DataType.Float16, 7), (DataType.Double, 7), (DataType.Float16, 17),
            (DataType.Bfloat16, 17), (DataType.Double, 20),
        ];
        foreach ((DataType type, int opset) in types)
        {
            foreach (long[] shape in shapes)
            {
                PortableCheck.Verify(version, weight, opset, shape, type, hasBias: shape.Length > 1);
            }
        }
    }

    [Theory]
    [OnVersion(OrtVersions.Package)]
    [OnVersion("1.30.0")]
    [OnVersion("1.23.2")]
    [OnVersion("1.20.1")]
    [OnVersion("1.17.3")]
    public void Model_SeveralStructuresAndSharedBodies_RunsOnEveryVersion(string version)
    {
        WeightCase c = new() { Rows = 30, Columns = 30, Bits = 4, Taps = 2, HasColumnScale = true };
        DynWeight[] weights =
        [
            WeightGenerator.Create(c with { Seed = 1 }),
            WeightGenerator.Create(c with { Seed = 2, GroupWidth = 8 }),
            WeightGenerator.Create(c with { Seed = 3, Bits = 0, Taps = 1, Metric = MetricKinds.Riem, Spread = 2 }),
        ];
        const int Opset = 13;
        ModelProto model = DynModel.Empty(DataType.Float, weights[0], Opset, 2);
        DynModel.AddNode(model, weights[0], "x", "a", "a.", "DynMatMul", null);
        DynModel.AddNode(model, weights[1], "a", "b", "b.", "DynMatMul", null);
        DynModel.AddNode(model, weights[2], "b", "y", "c.", "DynMatMul_1", null);
        DynStructure first = DynStructure.Of(weights[0], Opset)!;
        Assert.Equal(first, DynStructure.Of(weights[1], Opset));
        model.Functions.Add(PortableFunction.Build(first, Opset, "DynMatMul"));
        model.Functions.Add(PortableFunction.Build(DynStructure.Of(weights[2], Opset)!, Opset, "DynMatMul_1"));

        float[] x = [.. Enumerable.Range(0, 60).Select(i => MathF.Sin(i))];
        double[] expected = [.. x.Select(value => (double)value)];
        foreach (DynWeight weight in weights)
        {
            expected = PortableCheck.Product(expected, weight, null);
        }

        using IOnnxSession session = OrtVersions.Open(version).Open(model.ToByteArray());
        OrtTensor y = session.Run(new Dictionary<string, OrtTensor> { ["x"] = OrtTensor.Create(x, 2, 30) })[0];
        double error = PortableCheck.RelativeError(y.ToDoubles(), expected);
        Assert.True(error < PortableCheck.MetricTolerance, $"{version}: {error}");
    }

    [Fact]
    public void Of_WeightAboveTheFoldingLimit_GivesTheReason()
    {
        CodeLayout layout = new(1 << 18, 2048, 2, 128);
        PackedCodes codes = new(layout, new byte[layout.ByteLength]);
        DynWeight weight = new(
            layout.Rows,
            layout.Columns,
            null,
            new ParameterTensor(new float[layout.Columns], [layout.Columns], ParameterType.Float16),
            new UniformCodes(
                codes, new Codebook(new ParameterTensor([0, 1, 2, 3], [1, 4], ParameterType.Float32), 2, 1)));
        Assert.Null(DynStructure.Of(weight, 17, out string? reason));
        Assert.Contains("decoded weight has 2147483648 bytes", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(0)]
    public void Build_OpsetWithoutBroadcasting_IsRefused(int opset) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => PortableFunction.Build(Structure(new WeightCase { Bits = 4 }), opset, "DynMatMul"));

    [Fact]
    public void Build_CommonStructure_IsSmall()
    {
        DynStructure structure = Structure(new WeightCase { Bits = 4, Taps = 2, Columns = 128 });
        FunctionProto function = PortableFunction.Build(structure with { HasBias = true }, 17, "DynMatMul");
        output.WriteLine($"{function.CalculateSize()} bytes, {function.Node.Count} nodes");
        Assert.True(function.CalculateSize() < 5000, $"{function.CalculateSize()} bytes");
    }

    [Fact]
    public void Build_Function_DeclaresOperandsFirstAndOnlyWhatItsNodesHave()
    {
        WeightCase c = new() { Bits = 4, Taps = 2, Columns = 128 };
        FunctionProto codes = PortableFunction.Build(Structure(c), 17, "DynMatMul");
        Assert.Equal(["x", "bias", "codes", "codebook", "row_scale", "column_scale"], codes.Input);
        Assert.Equal(["schema_version", "shape", "bits", "taps"], codes.Attribute);
        WeightCase sparse = new() { Sparse = 9, HasRowScale = false, HasColumnScale = false };
        FunctionProto elements = PortableFunction.Build(Structure(sparse), 17, "DynMatMul");
        Assert.Equal("sparse_values", elements.Input[^1]);
        Assert.Equal(["schema_version", "shape", "bits"], elements.Attribute);
    }

    private static DynStructure Structure(WeightCase c) => DynStructure.Of(WeightGenerator.Create(c), 17)!;
}
