namespace FlatLearning.Onnx.Sensitivity;

/// <summary>Where the second moments H of a weight's inputs come from.</summary>
public enum HessianMode
{
    /// <summary>Nowhere: H = I.</summary>
    None,

    /// <summary>
    /// From sequences that the model generates itself, from noise where it takes real numbers, or from a normalisation
    /// in front of the weight; for each weight the one that loses least on a second set of made-up inputs, which may be
    /// H = I.
    /// </summary>
    Auto,

    /// <summary>From made-up inputs, whatever they are, for every weight that they reach.</summary>
    Synthetic,

    /// <summary>From a file of the user's.</summary>
    Data,
}
