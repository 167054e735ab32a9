namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>What a condition looks at.</summary>
internal enum FailMeasure
{
    /// <summary>Signal-to-noise ratio in dB; infinite where outputs are identical.</summary>
    Snr,

    /// <summary>Relative L2 distance; the share of unequal elements for integers.</summary>
    RelativeL2,

    /// <summary>Largest absolute difference.</summary>
    MaxAbs,

    /// <summary>Mean absolute difference.</summary>
    MeanAbs,

    /// <summary>Cosine.</summary>
    Cosine,

    /// <summary>Share of rows with the same best class.</summary>
    Top1Agreement,

    /// <summary>Divergence of class distributions, in nats.</summary>
    Kl,

    /// <summary>The original's accuracy less the converted model's, 0 to 1; needs labels.</summary>
    AccuracyDrop,
}
