namespace FlatLearning.Cuda.Layout;

/// <summary>Sizes that kernels and launch code agree on. Compiled into both.</summary>
internal static class KernelShape
{
    /// <summary>Columns of a tile: those whose codes of a row one lane looks up.</summary>
    public const int TileColumns = 32;

    /// <summary>Rows of a step: what one lane loads at a time, 16 bytes for each bit of a code.</summary>
    public const int StepRows = 4;

    /// <summary>Lanes of a warp.</summary>
    public const int Lanes = 32;

    /// <summary>Threads of a block of the kernels that look up.</summary>
    public const int LookUpThreads = 256;

    /// <summary>Threads of a block of the tiled kernels.</summary>
    public const int TileThreads = 128;

    /// <summary>Tiles of columns that a block of the tiled kernels multiplies.</summary>
    public const int BlockTiles = 4;

    /// <summary>Rows of W that a block of the tiled kernels decodes at a time.</summary>
    public const int PanelRows = 32;

    /// <summary>Rows of x of a block of the tiled kernel for a few rows.</summary>
    public const int FewRows = 8;

    /// <summary>Rows of x of a block of the tiled kernel for many rows.</summary>
    public const int ManyRows = 64;

    /// <summary>Threads of a block of the first kernel of a product.</summary>
    public const int PrepareThreads = 256;

    /// <summary>Threads of a block of the last kernel of a product.</summary>
    public const int FinishThreads = 256;

    /// <summary>Places of y of a block of the last kernel.</summary>
    public const int FinishPlaces = 32;

    /// <summary>Taps that tables have room for; those that are not there are zero.</summary>
    public const int Taps = 5;

    /// <summary>The width of weights without codes: one float32 for each.</summary>
    public const int DenseBits = 32;

    /// <summary>
    /// Lanes that look up in one table: as many as it has entries, and all of a warp where it has more. Codes of 2 bits
    /// are looked up in pairs of rows.
    /// </summary>
    /// <param name="bits">Bits of a code, or <see cref="DenseBits"/>.</param>
    public static int TableLanes(int bits) => bits switch { 2 or 4 => 16, 3 => 8, _ => Lanes };

    /// <summary>Tiles whose columns the lanes of a table share in the narrow kernels; 0 where there is none.</summary>
    /// <param name="bits">Bits of a code, or <see cref="DenseBits"/>.</param>
    public static int NarrowTiles(int bits) => bits switch { 3 => 2, <= 6 => 4, _ => 0 };
}
