namespace FlatLearning.Kernels.Cuda;

/// <summary>16 bytes of codes, one load.</summary>
public struct Unit
{
    public uint A, B, C, D;
}

/// <summary>Four codes in the low bits of each of eight words.</summary>
public struct CodeWords
{
    public uint A, B, C, D, E, F, G, H;
}

/// <summary>Four floats, one load.</summary>
public struct Quad
{
    public float A, B, C, D;
}

/// <summary>
/// A number for each of the 32 columns of a tile, in registers: an array that a loop indexes would lie in memory.
/// </summary>
public struct Columns
{
    public Quad A, B, C, D, E, F, G, H;
}

/// <summary>Where a lane's codes of a row lie in a step: two words and a shift.</summary>
public struct ChunkPlace
{
    public int Low, High, Shift;
}

/// <summary>x' at eight rows after one another.</summary>
public struct Inputs
{
    public float A, B, C, D, E, F, G, H;
}

/// <summary>What a lane holds of the table of each tap; the sixth for two rows of codes looked up together.</summary>
public struct TapEntries
{
    public float A, B, C, D, E, F;
}
