using System.Runtime.InteropServices;
using FlatLearning.Dyn.Operators;
using FlatLearning.Dyn.Tests.Support;

namespace FlatLearning.Dyn.Tests.Operators;

/// <summary>One test per rejection of the specification; the message names the attribute or input.</summary>
public sealed class DynWeightReaderTests
{
    private static readonly WeightCase Codes = new() { Rows = 5, Columns = 20, Bits = 4, Taps = 2, GroupWidth = 16 };
    private static readonly WeightCase Riem =
        new() { Rows = 5, Columns = 20, Metric = "riem", StateDim = 6, Shifts = 3, Width = 5, StateBits = 4 };
    private static readonly WeightCase L1 =
        new() { Rows = 5, Columns = 20, Metric = "dyn-l1", StateDim = 6, Heads = 2, StateBits = 4 };
    private static readonly WeightCase L2 = L1 with { Metric = "dyn-l2" };
    private static readonly WeightCase InverseL2 = L1 with { Metric = "dyn-inverse-l2" };
    private static readonly WeightCase Bands =
        new() { Rows = 40, Columns = 50, Bands = [5, 3, 2], Taps = 2, GroupWidth = 16, Seed = 3 };
    private static readonly WeightCase Sparse =
        new() { Rows = 40, Columns = 50, Sparse = 30, HasRowScale = false, HasColumnScale = false, Seed = 5 };
    private static readonly WeightCase[] Every = [Codes, Riem, L1, L2, InverseL2, Bands, Sparse];

    [Theory]
    [InlineData("schema_version", 0)]
    [InlineData("schema_version", 2)]
    [InlineData("shape[0]", 0)]
    [InlineData("shape[0]", -1)]
    [InlineData("shape[0]", 1L << 31)]
    [InlineData("shape[1]", 0)]
    [InlineData("shape[1]", long.MinValue)]
    [InlineData("shape[1]", 1L << 31)]
    [InlineData("bits", -1)]
    [InlineData("bits", 1)]
    [InlineData("bits", 7)]
    [InlineData("bits", 9)]
    [InlineData("taps", 0)]
    [InlineData("taps", 6)]
    [InlineData("state_bits", 8)]
    [InlineData("state_dim", 1)]
    [InlineData("heads", 1)]
    [InlineData("shifts", 1)]
    [InlineData("width", 1)]
    public void Read_CodesWithAttributeOutOfRange_Throws(string name, long value) =>
        RejectAttribute(Codes, name, value);

    [Theory]
    [InlineData("taps", 2)]
    [InlineData("state_bits", 0)]
    [InlineData("state_bits", 9)]
    [InlineData("state_dim", 0)]
    [InlineData("state_dim", 4097)]
    [InlineData("heads", 0)]
    [InlineData("heads", 2)]
    [InlineData("shifts", 0)]
    [InlineData("shifts", 7)]
    [InlineData("width", 0)]
    [InlineData("width", 4097)]
    public void Read_RiemWithAttributeOutOfRange_Throws(string name, long value) => RejectAttribute(Riem, name, value);

    [Theory]
    [InlineData("heads", 0)]
    [InlineData("heads", 4097)]
    [InlineData("shifts", 1)]
    [InlineData("width", 1)]
    public void Read_DynWithAttributeOutOfRange_Throws(string name, long value)
    {
        foreach (WeightCase c in (WeightCase[])[L1, L2, InverseL2])
        {
            RejectAttribute(c, name, value);
        }
    }

    /// <summary>6 coordinates of 4 bits: 6 · (15 + 1657)² is below 2^24 = 16777216, 6 · (15 + 1658)² is not.</summary>
    [Theory]
    [InlineData("dyn-l2", 1657f, true)]
    [InlineData("dyn-l2", -1657f, true)]
    [InlineData("dyn-l2", 1658f, false)]
    [InlineData("dyn-l2", -1658f, false)]
    [InlineData("dyn-l2", 0.5f, false)]
    [InlineData("dyn-inverse-l2", 1656f, true)]
    [InlineData("dyn-inverse-l2", 1658f, false)]
    [InlineData("dyn-inverse-l2", 1e30f, false)]
    public void Read_Offset_IsWholeAndKeepsSquaresBelowTwoToThe24(string metric, float offset, bool isGood)
    {
        NodeCase node = new(L2 with { Metric = metric });
        float[] range = new float[12];
        range[7] = offset;
        node.Inputs[WeightInput.StateRange] = Floats([1, 12], range);
        if (metric == "dyn-inverse-l2")
        {
            node.Inputs[WeightInput.MetricParameters] = Floats([5], [1, 1, 4, 4, 0]);
        }

        Expect(node, isGood, "state_range");
    }

    [Theory]
    [InlineData(1f, true)]
    [InlineData(0f, false)]
    [InlineData(-1f, false)]
    [InlineData(1.5f, false)]
    [InlineData(16775865f, true)]
    [InlineData(16775866f, false)]
    [InlineData(1e38f, false)]
    public void Read_Softening_IsAPositiveWholeNumberBelowTwoToThe24(float softening, bool isGood)
    {
        NodeCase node = new(InverseL2);
        node.Inputs[WeightInput.StateRange] = Floats([1, 12], new float[12]);
        node.Inputs[WeightInput.MetricParameters] = Floats([5], [1, 1, 4, softening, 0]);
        Expect(node, isGood, "softening");
    }

    /// <summary>259 · 255² is above 2^24, 258 · 255² below.</summary>
    [Theory]
    [InlineData(258, true)]
    [InlineData(259, false)]
    public void Read_HeadWhoseSquaresReachTwoToThe24_Throws(int stateDim, bool isGood)
    {
        NodeCase node = new(L1 with { StateDim = stateDim, StateBits = 8, Heads = 1 });
        node.Set(DynAttribute.String("metric", "dyn-l2"));
        node.Inputs[WeightInput.StateRange] = Floats([1, stateDim], new float[stateDim]);
        node.Inputs[WeightInput.MetricParameters] = Floats([2], [1, 0]);
        Expect(node, isGood, "squared distances reach 2^24");
    }

    [Fact]
    public void Read_TooManyElementsOrCoordinates_Throws()
    {
        NodeCase elements = new(Codes);
        elements.Set(DynAttribute.Ints("shape", 1 << 20, 1 << 20));
        Reject(elements, "shape[0] * shape[1]");
        NodeCase coordinates = new(L1);
        coordinates.Set("state_dim", 4096);
        coordinates.Set("heads", 17);
        Reject(coordinates, "state_dim * heads");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Riem")]
    [InlineData("l2")]
    public void Read_UnknownMetric_Throws(string metric)
    {
        NodeCase node = new(Riem);
        node.Set(DynAttribute.String("metric", metric));
        Reject(node, "attribute metric");
    }

    [Fact]
    public void Read_NeitherCodesNorMetric_Throws()
    {
        NodeCase node = new(Codes);
        node.Set("bits", 0);
        node.Set("taps", 1);
        node.Inputs.Clear();
        Reject(node, "needs codes, a metric or sparse elements");
    }

    [Theory]
    [InlineData(WeightInput.Codes)]
    [InlineData(WeightInput.Codebook)]
    [InlineData(WeightInput.RowScale)]
    [InlineData(WeightInput.ColumnScale)]
    [InlineData(WeightInput.Bands)]
    public void Read_BandsWithoutRequiredInput_Throws(WeightInput position) => RejectMissing(Bands, position);

    [Theory]
    [InlineData(WeightInput.Codes)]
    [InlineData(WeightInput.Codebook)]
    [InlineData(WeightInput.ColumnScale)]
    public void Read_CodesWithoutRequiredInput_Throws(WeightInput position) => RejectMissing(Codes, position);

    [Theory]
    [InlineData(WeightInput.RowStates)]
    [InlineData(WeightInput.ColumnStates)]
    [InlineData(WeightInput.StateRange)]
    [InlineData(WeightInput.MetricParameters)]
    public void Read_MetricWithoutRequiredInput_Throws(WeightInput position)
    {
        RejectMissing(Riem, position);
        RejectMissing(L1, position);
        RejectMissing(L2, position);
        RejectMissing(InverseL2, position);
    }

    [Theory]
    [InlineData(WeightInput.RowStates)]
    [InlineData(WeightInput.ColumnStates)]
    [InlineData(WeightInput.StateRange)]
    [InlineData(WeightInput.MetricParameters)]
    public void Read_MetricInputWithoutMetric_Throws(WeightInput position) => RejectExtra(Codes, position);

    [Theory]
    [InlineData(WeightInput.Codes)]
    [InlineData(WeightInput.Codebook)]
    public void Read_CodeInputWithoutBits_Throws(WeightInput position) => RejectExtra(Riem, position);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Read_EveryInputOfAnotherType_NamesIt(int which)
    {
        WeightCase c = Every[which];
        foreach (WeightInput position in new NodeCase(c).Inputs.Keys)
        {
            // None of the first four is allowed anywhere. Scales of one byte each would fit no tensor of floats.
            foreach (TensorType type in (TensorType[])[
                TensorType.Undefined,
                TensorType.Int64,
                TensorType.BFloat16,
                (TensorType)(-1),
                new NodeCase(c).Inputs[position].ElementType == TensorType.UInt8
                    ? TensorType.Float32
                    : TensorType.UInt8])
            {
                NodeCase node = new(c);
                node.Inputs[position] = node.Inputs[position] with { ElementType = type };
                Reject(node, $"input {position.Name()} ");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Read_EveryInputOfAnotherShape_Throws(int which)
    {
        WeightCase c = Every[which];
        foreach (WeightInput position in new NodeCase(c).Inputs.Keys)
        {
            long[] shape = new NodeCase(c).Inputs[position].Shape;
            long[][] others =
            [
                [], [0], [-1], [1, .. shape], [.. shape, 1], [.. shape[..^1], shape[^1] + 1], [.. shape[..^1], 0],
                [.. shape[..^1], -shape[^1]],
                [
                    .. shape[..^1],
                    shape[^1] + (1L << 61)], [
                        1L << 31, 1L << 31, 1L << 31, 0], [long.MaxValue, long.MaxValue], [long.MinValue],
            ];
            foreach (long[] other in others)
            {
                NodeCase node = new(c);
                node.Inputs[position] = node.Inputs[position] with { Shape = other };
                Reject(node, "");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Read_EveryBlobOfAnotherLength_Throws(int which)
    {
        WeightCase c = Every[which];
        foreach (WeightInput position in new NodeCase(c).Inputs.Keys)
        {
            int length = new NodeCase(c).Inputs[position].Bytes.Length;
            foreach (int other in (int[])[0, 1, length - 1, length + 1, length + 4])
            {
                NodeCase node = new(c);
                node.Inputs[position] = node.Inputs[position] with { Bytes = new byte[other] };
                Reject(node, "");
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Read_EveryParameterThatIsNotFinite_NamesItsInput(int which)
    {
        WeightCase c = Every[which];
        foreach (WeightInput position in new NodeCase(c).Inputs.Keys)
        {
            foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
            {
                NodeCase node = new(c);
                ConstantTensor tensor = node.Inputs[position];
                if (tensor.ElementType == TensorType.Float32)
                {
                    byte[] bytes = tensor.Bytes.ToArray();
                    BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), value);
                    node.Inputs[position] = tensor with { Bytes = bytes };
                    Reject(node, $"input {position.Name()}:");
                }
            }
        }
    }

    [Fact]
    public void Read_WindowTableAboveTwelveBits_Throws()
    {
        NodeCase node = new(Codes with { Taps = 4 });
        node.Inputs[WeightInput.Codebook] = new ConstantTensor(TensorType.Float32, [1 << 16], new byte[4 << 16]);
        Reject(node, "codebook");
    }

    [Fact]
    public void Read_GroupWidthThatIsNotAMultipleOfEight_Throws()
    {
        NodeCase node = new(Codes);
        node.Inputs[WeightInput.Codes] = new ConstantTensor(TensorType.UInt8, [2, 5, 6], new byte[60]);
        Reject(node, "codes");
    }

    [Theory]
    [InlineData("group_width", "group_width is 0")]
    [InlineData("group_width 12", "group_width is 12")]
    [InlineData("group_width 1032", "group_width is 1032")]
    [InlineData("bits 4", "band_bits is there")]
    [InlineData("entropy", "bits and taps are 0 and 1")]
    [InlineData("seven bands", "band_bits and band_taps have 7")]
    [InlineData("fewer taps", "band_bits and band_taps have 3 and 2")]
    [InlineData("band of 7 bits", "a band has 7 bits")]
    [InlineData("band of 6 taps", "a band has 5 bits and 6 taps")]
    [InlineData("starts beyond the rows", "sections of column group 0 do not fit")]
    [InlineData("starts that fall", "sections of column group")]
    [InlineData("no codes", "no codes at all")]
    [InlineData("first start", "begins at 1")]
    public void Read_BandsThatDoNotFit_Throws(string damage, string part)
    {
        NodeCase node = new(Bands);
        byte[] starts = node.Inputs[WeightInput.Bands].Bytes.ToArray();
        switch (damage)
        {
            case "group_width": node.Set("group_width", 0); break;
            case "group_width 12": node.Set("group_width", 12); break;
            case "group_width 1032": node.Set("group_width", 1032); break;
            case "bits 4": node.Set("bits", 4); break;
            case "entropy": node.Set(DynAttribute.String("storage", "entropy")); break;
            case "seven bands":
                node.Set(DynAttribute.Ints("band_bits", 2, 2, 2, 2, 2, 2, 2));
                node.Set(DynAttribute.Ints("band_taps", 1, 1, 1, 1, 1, 1, 1));
                break;
            case "fewer taps": node.Set(DynAttribute.Ints("band_taps", 1, 2)); break;
            case "band of 7 bits": node.Set(DynAttribute.Ints("band_bits", 7, 3, 2)); break;
            case "band of 6 taps": node.Set(DynAttribute.Ints("band_taps", 6, 3, 4)); break;
            case "starts beyond the rows": starts[6] = 41; break;
            case "no codes":
                starts.AsSpan().Clear();
                node.Inputs[WeightInput.Codes] = new ConstantTensor(TensorType.UInt8, [0], default);
                break;
            case "starts that fall": starts.AsSpan(starts.Length - 12, 2).Fill(0); break;
            default: starts[0] = 1; break;
        }

        node.Inputs[WeightInput.Bands] = node.Inputs[WeightInput.Bands] with { Bytes = starts };
        Reject(node, part);
    }

    [Theory]
    [InlineData(WeightInput.SparseGaps)]
    [InlineData(WeightInput.SparseValues)]
    public void Read_HalfOfSparseElements_Throws(WeightInput position) => RejectMissing(Sparse, position);

    [Fact]
    public void Read_SparseElementBeyondTheMatrix_Throws()
    {
        NodeCase node = new(Sparse);
        byte[] gaps = node.Inputs[WeightInput.SparseGaps].Bytes.ToArray();
        gaps.AsSpan().Fill(255);
        node.Inputs[WeightInput.SparseGaps] = node.Inputs[WeightInput.SparseGaps] with { Bytes = gaps };
        Reject(node, "sparse element");
    }

    [Fact]
    public void Read_BandInputWithoutBands_Throws() => RejectExtra(Codes, WeightInput.Bands);

    private static ConstantTensor Floats(long[] shape, float[] values) =>
        new(TensorType.Float32, shape, MemoryMarshal.AsBytes<float>(values).ToArray());

    private static void Expect(NodeCase node, bool isGood, string part)
    {
        if (isGood)
        {
            Assert.NotNull(node.Read().Metric);
        }
        else
        {
            Reject(node, part);
        }
    }

    private static void RejectAttribute(WeightCase c, string name, long value)
    {
        NodeCase node = new(c);
        node.Set(name switch
        {
            "shape[0]" => DynAttribute.Ints("shape", value, c.Columns),
            "shape[1]" => DynAttribute.Ints("shape", c.Rows, value),
            _ => DynAttribute.Int(name, value),
        });
        Reject(node, $"attribute {name} is {value}");
    }

    private static void RejectMissing(WeightCase c, WeightInput position)
    {
        NodeCase node = new(c);
        Assert.True(node.Inputs.Remove(position));
        Reject(node, position.Name());
    }

    private static void RejectExtra(WeightCase c, WeightInput position)
    {
        NodeCase node = new(c);
        node.Inputs[position] = new ConstantTensor(TensorType.UInt8, [1], new byte[1]);
        Reject(node, $"input {position.Name()} is present");
    }

    private static void Reject(NodeCase node, string part) =>
        Assert.Contains(part, Assert.Throws<DynFormatException>(node.Read).Message, StringComparison.Ordinal);
}
