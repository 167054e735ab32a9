namespace FlatLearning.Fitting.Blocks;

/// <summary>The numbers that scales of blocks are stored as.</summary>
public enum ScaleType
{
    /// <summary>16 bits.</summary>
    Float16,

    /// <summary>32 bits.</summary>
    Float32,
}
