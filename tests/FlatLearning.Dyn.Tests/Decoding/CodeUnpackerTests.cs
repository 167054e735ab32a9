using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Dyn.Tests.Decoding;

public sealed class CodeUnpackerTests
{
    [Fact]
    public void UnpackRow_EveryWidthAndBitsInGuardedMemory_AgreesWithReader()
    {
        for (int bits = 1; bits <= 8; bits++)
        {
            for (int width = 8; width <= CodeLayout.MaxGroupWidth; width += width < 264 ? 8 : 56)
            {
                PackedCodes packed =
                    WeightGenerator.RandomCodes(new Random((bits * 10000) + width), 1, width, bits, width);
                Check(packed, GuardedEnd.First);
                Check(packed, GuardedEnd.Last);
            }
        }
    }

    [Theory]
    [InlineData(0, 1, 8)]
    [InlineData(9, 9, 8)]
    [InlineData(4, 5, 8)]
    [InlineData(4, 3, 8)]
    [InlineData(4, 4, 9)]
    public void UnpackRow_LengthsDisagree_Throws(int bits, int bytes, int columns) =>
        Assert.Throws<ArgumentException>(() => CodeUnpacker.UnpackRow(new byte[bytes], bits, new byte[columns]));

    private static void Check(PackedCodes packed, GuardedEnd end)
    {
        using GuardedMemory<byte> source = new(packed.Layout.BytesPerRow, end);
        using GuardedMemory<byte> codes = new(packed.Layout.GroupWidth, end);
        packed.Bytes.Span.CopyTo(source.Span);
        codes.Span.Fill(0xEE);
        CodeUnpacker.UnpackRow(source.Span, packed.Layout.Bits, codes.Span);
        for (int n = 0; n < codes.Span.Length; n++)
        {
            int expected = CodeReader.Read(packed, 0, n);
            Assert.True(
                expected == codes.Span[n], $"{packed.Layout}: column {n} is {codes.Span[n]}, expected {expected}");
        }
    }
}
