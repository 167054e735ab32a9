namespace FlatLearning.Fitting.Peers;

/// <summary>Whether blocks of equidistant levels have a zero point of their own.</summary>
public enum BlockSymmetry
{
    /// <summary>The middle code stands for 0 in every block; no zero points are stored.</summary>
    Symmetric,

    /// <summary>The code that stands for 0 is stored for every block.</summary>
    Asymmetric,
}
