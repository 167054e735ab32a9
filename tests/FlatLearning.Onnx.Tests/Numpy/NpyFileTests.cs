using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Numpy;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Numpy;

/// <summary>Arrays written by numpy 1.24.2 (in base64), and arrays written here.</summary>
public sealed class NpyFileTests
{
    /// <summary>savez and savez_compressed of x = arange(4, float32), names = ["t"], y = [[7]] of int64.</summary>
    private const string Stored =
        "UEsDBBQAAAAAAAAAIQBSMxP7kAAAAJAAAAAFABQAeC5ucHkBABAAkAAAAAAAAACQAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmNC"
            + "csICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICg0LCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC"
            + "AgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAAgD8AAABAAABAQFBLAwQUAAAAAAAAACEAhwPvUYQAAACEAAAACQAUAG"
            + "5hbWVzLm5weQEAEACEAAAAAAAAAIQAAAAAAAAAk05VTVBZAQB2AHsnZGVzY3InOiAnPFUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYW"
            + "xzZSwgJ3NoYXBlJzogKDEsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC"
            + "AgICAgIAp0AAAAUEsDBBQAAAAAAAAAIQCJo2tjiAAAAIgAAAAFABQAeS5ucHkBABAAiAAAAAAAAACIAAAAAAAAAJNOVU1QWQEAdg"
            + "B7J2Rlc2NyJzogJzxpOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgxLCAxKSwgfSAgICAgICAgICAgICAgIC"
            + "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKBwAAAAAAAABQSwECFAMUAAAAAAAAACEAUjMT+5AAAA"
            + "CQAAAABQAAAAAAAAAAAAAAgAEAAAAAeC5ucHlQSwECFAMUAAAAAAAAACEAhwPvUYQAAACEAAAACQAAAAAAAAAAAAAAgAHHAAAAbm"
            + "FtZXMubnB5UEsBAhQDFAAAAAAAAAAhAImja2OIAAAAiAAAAAUAAAAAAAAAAAAAAIABhgEAAHkubnB5UEsFBgAAAAADAAMAnQAAAE"
            + "UCAAAAAA==";

    private const string Deflated =
        "UEsDBBQAAAAIAAAAIQBSMxP7TgAAAJAAAAAFABQAeC5ucHkBABAAkAAAAAAAAABOAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZq"
            + "Kuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GiY6mjoKtQoUAC4GMGiwBxIOQOQAAFBLAwQUAAAACAAAACEAhwPvUUgAAA"
            + "CEAAAACQAUAG5hbWVzLm5weQEAEACEAAAAAAAAAEgAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbhNqqK6joJ6WX1RSlJgXn1"
            + "+UkgoSd0vMKU4FihdnJBakAvkahjqaOgq1ChQArhIGBgYAUEsDBBQAAAAIAAAAIQCJo2tjSgAAAIgAAAAFABQAeS5ucHkBABAAiA"
            + "AAAAAAAABKAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GoY6Co"
            + "aaOgq1CmQDLnYGCAAAUEsBAhQDFAAAAAgAAAAhAFIzE/tOAAAAkAAAAAUAAAAAAAAAAAAAAIABAAAAAHgubnB5UEsBAhQDFAAAAA"
            + "gAAAAhAIcD71FIAAAAhAAAAAkAAAAAAAAAAAAAAIABhQAAAG5hbWVzLm5weVBLAQIUAxQAAAAIAAAAIQCJo2tjSgAAAIgAAAAFAA"
            + "AAAAAAAAAAAACAAQgBAAB5Lm5weVBLBQYAAAAAAwADAJ0AAACJAQAAAAA=";

    /// <summary>File, type, shape and row-major values.</summary>
    public static TheoryData<string, DataType, long[], double[]> NumpyCases => new()
    {
        { "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAg"
            + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAMA/AAAAwAAAQEAAAIBAAACgQAAAgH8=",
            DataType.Float, [2, 3], [1.5, -2.0, 3.0, 4.0, 5.0, double.PositiveInfinity] },
        { "k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAg"
            + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIApmLv/7AQA=", DataType.Float16, [3],
            [0.0999755859375, -65504.0, 5.960464477539063e-08] },
        { "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAg"
            + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAOg/AAAAAAAA0D8A"
            + "AAAAAADwPwAAAAAAAOA/AAAAAAAA9D8=", DataType.Double, [2, 3], [0.0, 0.25, 0.5, 0.75, 1.0, 1.25] },
        { "k05VTVBZAQB2AHsnZGVzY3InOiAnPGkyJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMywgNCksIH0gICAgICAg"
            + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr7/wcA//8LAAMADwD8/wgAAAAMAAQAEAD9"
            + "/wkAAQANAAUAEQD+/woAAgAOAAYAEgA=", DataType.Int16, [2, 3, 4],
            [-5.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0,
            14.0, 15.0, 16.0, 17.0, 18.0] },
        { "k05VTVBZAQB2AHsnZGVzY3InOiAnfGkxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAg"
            + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAqAfw==", DataType.Int8, [2],
            [-128.0, 127.0] },
        { "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAgICAgICAg"
            + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAADg/w==", DataType.Int64, [],
            [-9007199254740992.0] },
        { "k05VTVBZAgB0AAAAeydkZXNjcic6ICc8dTgnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwpLCB9ICAgICAgICAg"
            + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAgAEAAAAAAAAA",
            DataType.Uint64, [2], [9.223372036854776e+18, 1.0] },
        { "k05VTVBZAwB0AAAAeydkZXNjcic6ICd8YjEnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwgMSksIH0gICAgICAg"
            + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAA==", DataType.Bool, [2, 1],
            [1.0, 0.0] },
        { "k05VTVBZAQB2AHsnZGVzY3InOiAnPHU0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsIDAsIDIpLCB9ICAgICAg"
            + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo=", DataType.Uint32, [3, 0, 2], [] },
    };

    [Theory]
    [MemberData(nameof(NumpyCases))]
    public void Read_WhatNumpyWrote_IsTheArrayInRowMajorOrder(
        string base64, DataType type, long[] dims, double[] values)
    {
        NpyArray array = NpyFile.Read(new MemoryStream(Convert.FromBase64String(base64)), "numpy");

        Assert.Equal(type, array.Type);
        Assert.Equal(dims, array.Dims);
        Assert.Equal(values.Length, array.Count);
        Assert.Equal(values, array.ToDoubles());
        Assert.Equal(values.Select(value => (float)value), array.ToSingles());
        Assert.Equal(values, new TensorReader(null).ReadDoubles(array.ToTensor("t")));
    }

    [Fact]
    public void Write_AnArray_HasTheBytesThatNumpySaveWrites()
    {
        using TemporaryFolder folder = new();
        NpyFile.Write(folder["a.npy"], new NpyArray(DataType.Int32, [3], [0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]));

        Assert.Equal(
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgIC"
                + "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAQAAAAIAAAA=",
            Convert.ToBase64String(File.ReadAllBytes(folder["a.npy"])));
    }

    [Theory]
    [InlineData(new long[] { })]
    [InlineData(new long[] { 5 })]
    [InlineData(new long[] { 2, 3, 1, 4 })]
    [InlineData(new long[] { 3, 0 })]
    public void WriteAndRead_EveryType_KeepsTheBytes(long[] dims)
    {
        DataType[] types =
        [
            DataType.Float, DataType.Float16, DataType.Double, DataType.Bool, DataType.Int8, DataType.Int16,
            DataType.Int32, DataType.Int64,
            DataType.Uint8, DataType.Uint16, DataType.Uint32, DataType.Uint64,
        ];
        foreach (DataType type in types)
        {
            byte[] data = new byte[dims.Aggregate(1L, (a, b) => a * b) * ElementTypes.BitsOf(type) / 8];
            new Random(2).NextBytes(data);
            using MemoryStream stream = new();
            NpyFile.Write(stream, new NpyArray(type, dims, data));
            Assert.Equal(0, (stream.Length - data.Length) % 64);
            stream.Position = 0;
            NpyArray read = NpyFile.Read(stream, "again");

            Assert.Equal(type, read.Type);
            Assert.Equal(dims, read.Dims);
            Assert.Equal(data, read.Data);
        }
    }

    [Theory]
    [InlineData(Stored)]
    [InlineData(Deflated)]
    public void ReadArchive_StoredAndDeflated_GivesNumbersAndNamesTheRest(string base64)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["a.npz"], Convert.FromBase64String(base64));
        NpzArchive archive = NpzFile.Read(folder["a.npz"]);

        Assert.Equal(["x", "y"], archive.Arrays.Select(pair => pair.Key));
        Assert.Equal([0, 1, 2, 3], archive.Arrays[0].Value.ToDoubles());
        Assert.Equal([1L, 1], archive.Arrays[1].Value.Dims);
        Assert.Equal([7], archive.Arrays[1].Value.ToDoubles());
        Assert.Equal(["names <U1"], archive.Skipped.Select(pair => $"{pair.Key} {pair.Value}"));
    }

    [Theory]
    [InlineData(
        "k05VTVBZAQB2AHsnZGVzY3InOiAnPmY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsKSwgfSAgICAgICAgICAgIC"
            + "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo/gAAA",
        "FLAT0403")]
    [InlineData(
        "k05VTVBZAQB2AHsnZGVzY3InOiAnPFUyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsKSwgfSAgICAgICAgICAgIC"
            + "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAphAAAAYgAAAA==",
        "FLAT0403")]
    public void Read_TypesWithoutCounterpart_AreRefused(string base64, string number) =>
        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(
                () => NpyFile.Read(new MemoryStream(Convert.FromBase64String(base64)), "a")),
            number);

    [Fact]
    public void Read_EveryTruncationAndManyFlips_EndInOneSentenceOrAnArray()
    {
        byte[] good = Convert.FromBase64String(
            "k05VTVBZAQB2AHsnZGVzY3InOiAnPGkyJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMywgNCksIH0gICAgIC"
                + "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr7/wcA//8LAAMADwD8/wgAAAAMAA"
                + "QAEAD9/wkAAQANAAUAEQD+/woAAgAOAAYAEgA=");
        for (int length = 0; length < good.Length; length++)
        {
            Sentences.AssertOne(
                Assert.Throws<OnnxModelException>(() => NpyFile.Read(new MemoryStream(good[..length]), "a")));
        }

        Random random = new(1);
        for (int round = 0; round < 2000; round++)
        {
            byte[] damaged = [.. good];
            damaged[random.Next(128)] = (byte)random.Next(256);
            try
            {
                NpyFile.Read(new MemoryStream(damaged), "a");
            }
            catch (OnnxModelException exception)
            {
                Sentences.AssertOne(exception);
            }
        }
    }

    [Fact]
    public void Read_HeaderThatClaimsGigabytes_FailsBeforeAllocatingThem()
    {
        byte[] file = [
            0x93, .. "NUMPY"u8, 1, 0, 70, 0,
            .. "{'descr': '<f4', 'fortran_order': False, 'shape': (500000000,), }      "u8];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.StartsWith(
            "FLAT0404", Assert.Throws<OnnxModelException>(() => NpyFile.Read(new MemoryStream(file), "a")).Message);

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 8 << 20);
    }

    [Fact]
    public void ReadArchive_DamagedOrMissing_IsRefused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.npz"], "no archive");
        Sentences.AssertOne(Assert.Throws<OnnxModelException>(() => NpzFile.Read(folder["a.npz"])), "a.npz");
        Sentences.AssertOne(Assert.Throws<OnnxModelException>(() => NpzFile.Read(folder["b.npz"])), "b.npz");
        Sentences.AssertOne(Assert.Throws<OnnxModelException>(() => NpyFile.Read(folder["c.npy"])), "c.npy");

        byte[] good = Convert.FromBase64String(Deflated);
        Random random = new(4);
        for (int round = 0; round < 500; round++)
        {
            byte[] damaged = [.. good];
            damaged[random.Next(good.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(folder["d.npz"], round % 2 == 0 ? damaged : good[..random.Next(good.Length)]);
            try
            {
                NpzFile.Read(folder["d.npz"]);
            }
            catch (OnnxModelException exception)
            {
                Sentences.AssertOne(exception);
            }
        }
    }
}
