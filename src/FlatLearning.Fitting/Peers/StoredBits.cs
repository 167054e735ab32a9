namespace FlatLearning.Fitting.Peers;

/// <summary>Sizes of packed numbers.</summary>
internal static class StoredBits
{
    /// <summary>Bytes of so many numbers of some bits, packed without gaps.</summary>
    public static long Bytes(long count, int bits) => ((count * bits) + 7) / 8;

    /// <summary>How tables write a number of bits: "1 bit", "4 bits".</summary>
    public static string Text(int bits) => bits == 1 ? "1 bit" : $"{bits} bits";
}
