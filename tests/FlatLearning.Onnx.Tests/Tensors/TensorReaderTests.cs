using System.Runtime.InteropServices;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using Google.Protobuf;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Tensors;

/// <summary>Elements of every type in every storage, against values written down by hand.</summary>
public sealed class TensorReaderTests
{
    private static readonly TensorReader Reader = new(null);

    /// <summary>Type, raw bytes in hexadecimal, and the values that they are.</summary>
    public static TheoryData<DataType, string, double[]> RawCases => new()
    {
        { DataType.Float, "0000C03F 000000C0", [1.5, -2] },
        { DataType.Double, "000000000000F83F 00000000000000C0", [1.5, -2] },
        { DataType.Float16, "003E 00C0 0100", [1.5, -2, 5.9604644775390625e-8] },
        { DataType.Bfloat16, "C03F 00C0", [1.5, -2] },
        { DataType.Uint8, "00 80 FF", [0, 128, 255] },
        { DataType.Int8, "00 80 FF", [0, -128, -1] },
        { DataType.Uint16, "0080 FFFF", [32768, 65535] },
        { DataType.Int16, "0080 FFFF", [-32768, -1] },
        { DataType.Uint32, "FFFFFFFF", [4294967295] },
        { DataType.Int32, "00000080 FFFFFFFF", [-2147483648, -1] },
        { DataType.Uint64, "0000000000000080", [9223372036854775808] },
        { DataType.Int64, "FFFFFFFFFFFFFFFF", [-1] },
        { DataType.Bool, "00 01", [0, 1] },
        { DataType.Uint4, "F1 02", [1, 15, 2] },
        { DataType.Int4, "F1 08", [1, -1, -8] },
        { DataType.Uint2, "E4 01", [0, 1, 2, 3, 1] },
        { DataType.Int2, "E4 02", [0, 1, -2, -1, -2] },
        { DataType.Float4E2M1, "71 0F", [0.5, 6, -6] },
        { DataType.Float8E4M3Fn, "7E 08 01 C0", [448, 0.015625, 0.001953125, -2] },
        { DataType.Float8E4M3Fnuz, "7F 08 01 C0", [240, 0.0078125, 0.0009765625, -1] },
        { DataType.Float8E5M2, "7B 04 01 C0", [57344, 6.103515625e-05, 1.52587890625e-05, -2] },
        { DataType.Float8E5M2Fnuz, "7F 04 01 C0", [57344, 3.0517578125e-05, 7.62939453125e-06, -1] },
        { DataType.Float8E8M0, "7F 80 00", [1, 2, 5.877471754111438e-39] },
    };

    [Theory]
    [MemberData(nameof(RawCases))]
    public void Read_RawData_GivesTheValuesOfTheType(DataType type, string hex, double[] expected)
    {
        TensorProto tensor = new() { Name = "t", DataType = (int)type,
            RawData = ByteString.CopyFrom(Convert.FromHexString(hex.Replace(" ", ""))) };
        tensor.Dims.Add(expected.Length);

        Assert.Equal(expected, Reader.ReadDoubles(tensor));
        Assert.Equal(expected.Select(value => (float)value), Reader.ReadSingles(tensor));
        Assert.Equal(expected, Reader.ReadDense(tensor).ToDoubles());
        if (ElementTypes.IsInteger(type) && type != DataType.Uint64)
        {
            Assert.Equal(expected.Select(value => (long)value), Reader.ReadInt64s(tensor));
        }
    }

    [Theory]
    [MemberData(nameof(RawCases))]
    public void Read_TypedFields_GiveTheSameBytesAsRawData(DataType type, string hex, double[] expected)
    {
        byte[] raw = Convert.FromHexString(hex.Replace(" ", ""));
        TensorProto tensor = new() { Name = "t", DataType = (int)type };
        tensor.Dims.Add(expected.Length);
        switch (type)
        {
            case DataType.Float:
                tensor.FloatData.AddRange(MemoryMarshal.Cast<byte, float>(raw).ToArray());
                break;
            case DataType.Double:
                tensor.DoubleData.AddRange(MemoryMarshal.Cast<byte, double>(raw).ToArray());
                break;
            case DataType.Int64:
                tensor.Int64Data.AddRange(MemoryMarshal.Cast<byte, long>(raw).ToArray());
                break;
            case DataType.Uint64:
                tensor.Uint64Data.AddRange(MemoryMarshal.Cast<byte, ulong>(raw).ToArray());
                break;
            case DataType.Uint32:
                tensor.Uint64Data.AddRange(MemoryMarshal.Cast<byte, uint>(raw).ToArray().Select(value => (ulong)value));
                break;
            case DataType.Int32:
                tensor.Int32Data.AddRange(MemoryMarshal.Cast<byte, int>(raw).ToArray());
                break;
            case DataType.Float16 or DataType.Bfloat16 or DataType.Uint16:
                tensor.Int32Data.AddRange(MemoryMarshal.Cast<byte, ushort>(raw).ToArray().Select(value => (int)value));
                break;
            case DataType.Int16:
                tensor.Int32Data.AddRange(MemoryMarshal.Cast<byte, short>(raw).ToArray().Select(value => (int)value));
                break;
            case DataType.Int8:
                tensor.Int32Data.AddRange(raw.Select(value => (int)(sbyte)value));
                break;
            default:
                tensor.Int32Data.AddRange(raw.Select(value => (int)value));
                break;
        }

        Assert.Equal(raw, Reader.ReadRaw(tensor));
        Assert.Equal(expected, Reader.ReadDoubles(tensor));
    }

    [Fact]
    public void Read_NotANumberCodes_AreNaN()
    {
        (DataType Type, byte Code)[] codes =
        [
            (DataType.Float8E4M3Fn, 0x7f), (DataType.Float8E4M3Fn, 0xff), (DataType.Float8E4M3Fnuz, 0x80),
            (DataType.Float8E5M2, 0x7d), (DataType.Float8E5M2Fnuz, 0x80), (DataType.Float8E8M0, 0xff),
        ];
        foreach ((DataType type, byte code) in codes)
        {
            Assert.True(
                float.IsNaN(Reader.ReadSingles(TensorWriter.Raw("t", type, [], [code]))[0]), $"{type} {code:x2}");
        }

        Assert.Equal(
            float.PositiveInfinity, Reader.ReadSingles(TensorWriter.Raw("t", DataType.Float8E5M2, [], [0x7c]))[0]);
    }

    [Theory]
    [InlineData(DataType.Int4, 200_003)]
    [InlineData(DataType.Uint2, 200_003)]
    [InlineData(DataType.Float16, 200_003)]
    [InlineData(DataType.Int32, 70_000)]
    public void Read_LongerThanOnePiece_MatchesElementByElement(DataType type, int count)
    {
        byte[] raw = new byte[((count * ElementTypes.BitsOf(type)) + 7) / 8];
        new Random(5).NextBytes(raw);
        double[] values = Reader.ReadDoubles(TensorWriter.Raw("t", type, [count], raw));

        for (int i = 0; i < count; i++)
        {
            double expected = type switch
            {
                DataType.Int4 => ((raw[i / 2] >> (i % 2 * 4)) & 15) is var nibble && nibble < 8 ? nibble : nibble - 16,
                DataType.Uint2 => (raw[i / 4] >> (i % 4 * 2)) & 3,
                DataType.Float16 => (double)BitConverter.ToHalf(raw, i * 2),
                _ => BitConverter.ToInt32(raw, i * 4),
            };
            Assert.Equal(expected, values[i]);
        }
    }

    [Fact]
    public void ReadDense_SparseInBothForms_FillsWithZeros()
    {
        SparseTensorProto flat = Sparse([2, 3], [3, 5], [1, 5]);
        SparseTensorProto coordinates = Sparse([2, 3], [3, 5], [0, 1, 1, 2]);
        coordinates.Indices.Dims.Clear();
        coordinates.Indices.Dims.AddRange([2L, 2L]);

        foreach (SparseTensorProto sparse in (SparseTensorProto[])[flat, coordinates])
        {
            DenseTensor dense = Reader.ReadDense(sparse);
            Assert.Equal([2L, 3L], dense.Dims);
            Assert.Equal([0f, 3, 0, 0, 0, 5], dense.ToSingles());
        }
    }

    [Fact]
    public void ReadDense_MalformedSparse_IsRefusedWithOneSentence()
    {
        SparseTensorProto[] malformed =
        [
            Sparse([2, 3], [3, 5], [1, 6]),
            Sparse([2, 3], [3, 5], [-1, 2]),
            Sparse([2, 3], [3, 5], [1]),
            Sparse([2, 3], [3, 5], [0, 1, 1, 2]),
            Sparse([1L << 40], [3], [1]),
            Sparse([-2, 3], [3], [1]),
            new SparseTensorProto { Values = TensorWriter.Float32("v", [1], [1f]), Dims = { 4 } },
            new SparseTensorProto { Dims = { 4 } },
        ];
        foreach (SparseTensorProto sparse in malformed)
        {
            Sentences.AssertOne(Assert.Throws<OnnxModelException>(() => Reader.ReadDense(sparse)));
        }
    }

    [Fact]
    public void Read_SizesThatDoNotFit_AreRefusedWithOneSentence()
    {
        TensorProto shortRaw = new() { Name = "w", DataType = (int)DataType.Float, Dims = { 2 },
            RawData = ByteString.CopyFrom(new byte[7]) };
        TensorProto longRaw = new() { Name = "w", DataType = (int)DataType.Float, Dims = { 2 },
            RawData = ByteString.CopyFrom(new byte[9]) };
        TensorProto[] malformed =
        [
            shortRaw,
            longRaw,
            new() { Name = "w", DataType = (int)DataType.Float, Dims = { 2 } },
            new() { Name = "w", DataType = (int)DataType.Float, Dims = { 2 }, FloatData = { 1 } },
            new() { Name = "w", DataType = (int)DataType.Float, Dims = { -2 } },
            new() { Name = "w", DataType = (int)DataType.Float, Dims = { long.MaxValue, long.MaxValue } },
            new() { Name = "w", DataType = (int)DataType.Float, Dims = { 1L << 62 } },
            new() { Name = "w", DataType = (int)DataType.Float, Dims = { 0, 1L << 62, 1L << 62 } },
            new() { Name = "w", DataType = (int)DataType.Float, Dims = { 1L << 33 } },
            new() { Name = "w", DataType = 0, Dims = { 1 } },
            new() { Name = "w", DataType = 27, Dims = { 1 } },
            new() { Name = "w", DataType = -1, Dims = { 1 } },
            new() { Name = "w", DataType = (int)DataType.Int8, Dims = { 1 }, Int32Data = { 256 } },
            new() { Name = "w", DataType = (int)DataType.Uint32, Dims = { 1 }, Uint64Data = { 1UL << 32 } },
            new() { Name = "w", DataType = (int)DataType.String, Dims = { 1 },
                StringData = { ByteString.CopyFromUtf8("a") } },
            new() { Name = "w", DataType = (int)DataType.Complex64, Dims = { 1 }, FloatData = { 1, 2 } },
            new() { Name = "w", DataType = (int)DataType.Float, Dims = { 1 }, FloatData = { 1 },
                Segment = new() { Begin = 0, End = 1 } },
        ];
        foreach (TensorProto tensor in malformed)
        {
            Sentences.AssertOne(Assert.Throws<OnnxModelException>(() => Reader.ReadSingles(tensor)), "'w'");
        }
    }

    [Fact]
    public void ReadInt64s_UnsignedBeyondInt64_IsRefused()
    {
        TensorProto tensor =
            new() { Name = "w", DataType = (int)DataType.Uint64, Dims = { 1 }, Uint64Data = { ulong.MaxValue } };
        Sentences.AssertOne(Assert.Throws<OnnxModelException>(() => Reader.ReadInt64s(tensor)));
    }

    [Fact]
    public void Read_EmptyTensorAndScalar_HaveNoneAndOneElement()
    {
        Assert.Empty(Reader.ReadSingles(TensorWriter.Float32("e", [3, 0, 2], [])));
        Assert.Equal([2.5f], Reader.ReadSingles(TensorWriter.Float32("s", [], [2.5f])));
    }

    [Fact]
    public void TensorWriter_WhatItWrites_ReadsBack()
    {
        Assert.Equal([1.5f, -2], Reader.ReadSingles(TensorWriter.Float16("h", [2], (ReadOnlySpan<float>)[1.5f, -2])));
        Assert.Equal([1.5, -2], Reader.ReadDoubles(TensorWriter.Float64("d", [2], [1.5, -2])));
        Assert.Equal([1L, -2], Reader.ReadInt64s(TensorWriter.Int64("i", [2], [1, -2])));
        Assert.Equal([1L, -2], Reader.ReadInt64s(TensorWriter.Int32("j", [2], [1, -2])));
        Assert.Equal([7, 9], Reader.ReadRaw(TensorWriter.UInt8("b", [2], [7, 9])));
        Assert.Throws<ArgumentException>(() => TensorWriter.Float32("w", [3], [1f]));
    }

    private static SparseTensorProto Sparse(long[] dims, float[] values, long[] indices) => new()
    {
        Values = TensorWriter.Float32("v", [values.Length], values),
        Indices = TensorWriter.Int64("i", [indices.Length], indices),
        Dims = { dims },
    };
}
