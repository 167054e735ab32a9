using System.Text;
using FlatLearning.Onnx.Wire;

namespace FlatLearning.Onnx.Tests.Wire;

/// <summary>Any bytes have one text, and any such text gives its bytes back.</summary>
public sealed class RawTextTests
{
    public static byte[][] Pieces { get; } =
    [
        "caf\u00e9"u8.ToArray(),
        [(byte)'c', 0xe9],
        [0xc4, 0xe3, 0xba, 0xc3],
        [0xff, 0xfe, 0xfd, 0x80],
        [(byte)'a', 0xe2, 0x82, (byte)'b'],
        [0xe2, 0x82],
        [0xed, 0xa0, 0x80],
        [0xc0, 0x80],
        [0xf4, 0x90, 0x80, 0x80],
        [0xf8, 0x88, 0x80, 0x80, 0x80],
        [0xf4, 0x8f, 0xbb, 0xa9],
        [0xf4, 0x8f, 0xba, 0x80, 0xe9],
        [0xef, 0xbb, 0xbf, (byte)'x'],
        [0, (byte)'x'],
        [],
    ];

    public static TheoryData<byte[]> Odd => [.. Pieces];

    [Theory]
    [MemberData(nameof(Odd))]
    public void Of_AnyBytes_GivesThemBack(byte[] bytes)
    {
        string text = RawText.Of(bytes);

        Assert.Equal(bytes, RawText.BytesOf(text));
        Assert.Equal(Encoding.UTF8.GetString(bytes), RawText.Shown(text));
        Assert.Equal(RawText.IsNeeded(bytes), !bytes.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Of_RandomBytes_GivesThemBackAndKeepsThemApart()
    {
        Random random = new(5);
        Dictionary<string, string> seen = new(StringComparer.Ordinal);
        byte[] pieces = [0xf4, 0x8f, 0xba, 0xbb, 0x80, 0xe9, 0xc3, (byte)'a', 0xed, 0xa0];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[random.Next(1, 9)];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = round % 2 == 0 ? pieces[random.Next(pieces.Length)] : (byte)random.Next(256);
            }

            string text = RawText.Of(bytes);
            Assert.Equal(bytes, RawText.BytesOf(text));
            Assert.Equal(Convert.ToHexString(bytes), seen.GetValueOrDefault(text) ?? Convert.ToHexString(bytes));
            seen[text] = Convert.ToHexString(bytes);
        }
    }

    [Fact]
    public void Of_Utf8_IsTheTextItself()
    {
        string[] texts = ["layer.0/weight", "caf\u00e9", "\u5c42", "\U0001f600", "\ufffd", "\0", "\U0010fffd"];
        foreach (string text in texts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            Assert.False(RawText.IsNeeded(bytes));
            Assert.Equal(text, RawText.Of(bytes));
            Assert.Equal(text, RawText.Shown(text));
        }
    }
}
