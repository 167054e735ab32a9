namespace FlatLearning.CustomOps.Kernels;

/// <summary>A number that the compiler knows, so that a kernel is written once for every shape of its registers and tables, and what is unused vanishes.</summary>
internal interface ICount
{
    static abstract int Value { get; }
}

internal readonly struct One : ICount
{
    public static int Value => 1;
}

internal readonly struct Two : ICount
{
    public static int Value => 2;
}

internal readonly struct Three : ICount
{
    public static int Value => 3;
}

internal readonly struct Four : ICount
{
    public static int Value => 4;
}

internal readonly struct Five : ICount
{
    public static int Value => 5;
}

internal readonly struct Six : ICount
{
    public static int Value => 6;
}

internal readonly struct Eight : ICount
{
    public static int Value => 8;
}

internal readonly struct Sixteen : ICount
{
    public static int Value => 16;
}

internal readonly struct ThirtyTwo : ICount
{
    public static int Value => 32;
}

internal readonly struct SixtyFour : ICount
{
    public static int Value => 64;
}

internal readonly struct TwoHundredFiftySix : ICount
{
    public static int Value => 256;
}
