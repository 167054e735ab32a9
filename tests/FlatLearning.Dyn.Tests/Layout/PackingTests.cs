using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;

namespace FlatLearning.Dyn.Tests.Layout;

/// <summary>
/// The bytes below were worked out on paper from section "Packing" of the specification, not with the packer.
/// </summary>
public sealed class PackingTests
{
    // One row, one group of eight columns. A plane of width w has w bytes: byte i holds columns i, i + w, i + 2w, ...
    [Theory]
    [InlineData(1, "1 0 1 1 0 0 0 1", "8D")]
    [InlineData(2, "0 1 2 3 3 2 1 0", "78 2D")]
    [InlineData(3, "0 1 2 3 4 5 6 7", "88 DD F0")]
    [InlineData(4, "1 2 3 4 5 6 7 8", "51 62 73 84")]
    [InlineData(5, "1 18 3 20 5 22 7 31", "51 62 73 F4 AA")]
    [InlineData(6, "1 18 35 52 5 22 39 63", "51 62 73 F4 88 DD")]
    [InlineData(7, "65 82 99 116 5 22 39 63", "51 62 73 F4 88 DD 0F")]
    [InlineData(8, "0 255 18 35 52 69 86 103", "00 FF 12 23 34 45 56 67")]
    public void Pack_OneGroupOfEight_GivesTheBytesOfTheSpecification(int bits, string codes, string bytes)
    {
        byte[] plain = [.. codes.Split(' ').Select(byte.Parse)];
        byte[] expected = Convert.FromHexString(bytes.Replace(" ", ""));
        CodeLayout layout = new(1, 8, bits, 8);
        byte[] blob = new byte[expected.Length];
        CodePacker.Pack(plain, layout, blob);
        Assert.Equal(expected, blob);

        byte[] unpacked = new byte[8];
        CodeUnpacker.UnpackRow(expected, bits, unpacked);
        Assert.Equal(plain, unpacked);
    }

    [Fact]
    public void Pack_TwoRowsOfTenColumns_StoresGroupByGroupWithZeroPadding()
    {
        byte[] codes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4];
        CodeLayout layout = new(2, 10, 4, 8);
        byte[] blob = new byte[16];
        CodePacker.Pack(codes, layout, blob);
        Assert.Equal("51627384" + "FB0C1D2E" + "090A0000" + "03040000", Convert.ToHexString(blob));
    }

    [Fact]
    public void Pack_FourBitsIn128Columns_PairsColumnsSixtyFourApart()
    {
        byte[] codes = new byte[128];
        (codes[5], codes[69]) = (0x9, 0xC);
        PackedCodes packed = PackedCodes.Pack(codes, 1, 128, 4);
        Assert.Equal(64, packed.Bytes.Length);
        Assert.Equal(0xC9, packed.Bytes.Span[5]);
    }

    [Fact]
    public void Pack_ThreeBitsIn128Columns_PutsTheHighBitIntoItsOwnPlane()
    {
        byte[] codes = new byte[128];
        (codes[3], codes[35], codes[67], codes[99]) = (5, 2, 7, 4);
        PackedCodes packed = PackedCodes.Pack(codes, 1, 128, 3);
        Assert.Equal(48, packed.Bytes.Length);
        Assert.Equal(0b00_11_10_01, packed.Bytes.Span[3]);

        // Byte 32 + 3 holds bit 2 of columns 3, 19, 35, 51, 67, 83, 99, 115: set in columns 3, 67 and 99.
        Assert.Equal(0b0101_0001, packed.Bytes.Span[35]);
    }

    [Fact]
    public void Pack_RandomCodes_AreReadBackByReaderAndUnpacker()
    {
        Random random = new(3);
        for (int i = 0; i < 300; i++)
        {
            (int rows, int columns, int bits) = (random.Next(1, 6), random.Next(1, 400), random.Next(1, 9));
            byte[] codes = new byte[rows * columns];
            foreach (ref byte code in codes.AsSpan())
            {
                code = (byte)random.Next(1 << bits);
            }

            CodeLayout layout = new(rows, columns, bits, random.Next(1, 129) * 8);
            byte[] blob = new byte[layout.ByteLength];
            Array.Fill(blob, (byte)0xEE);
            CodePacker.Pack(codes, layout, blob);
            PackedCodes packed = new(layout, blob);
            byte[] unpacked = new byte[layout.GroupWidth];
            for (int k = 0; k < rows; k++)
            {
                for (int n = 0; n < columns; n++)
                {
                    Assert.Equal(codes[(k * columns) + n], CodeReader.Read(packed, k, n));
                    CodeUnpacker.UnpackRow(
                        blob.AsSpan((int)layout.Offset(n / layout.GroupWidth, k), layout.BytesPerRow), bits, unpacked);
                    Assert.Equal(codes[(k * columns) + n], unpacked[n % layout.GroupWidth]);
                }
            }
        }
    }

    [Fact]
    public void Pack_CodeTooLarge_Throws() =>
        Assert.Throws<DynFormatException>(() => PackedCodes.Pack([0, 4], 1, 2, 2));

    [Theory]
    [InlineData(1, 8)]
    [InlineData(8, 8)]
    [InlineData(9, 16)]
    [InlineData(128, 128)]
    [InlineData(4096, 128)]
    [InlineData(257, 88)]
    public void ChooseGroupWidth_Columns_WastesLeastAndLiesNearest128(int columns, int expected) =>
        Assert.Equal(expected, CodeLayout.ChooseGroupWidth(columns));
}
