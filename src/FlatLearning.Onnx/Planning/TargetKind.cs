namespace FlatLearning.Onnx.Planning;

/// <summary>What a plan has to meet.</summary>
public enum TargetKind
{
    /// <summary>Stored bits per weight over all weights of the plan, at most.</summary>
    Bits,

    /// <summary>Bytes of the converted model, at most.</summary>
    Size,

    /// <summary>Squared error of the weights over their energy, at most; both under the H in use.</summary>
    Error,

    /// <summary>Signal-to-noise ratio of the model's worst output on synthetic inputs in dB, at least.</summary>
    Snr,

    /// <summary>
    /// Divergence of the model's outputs from the original's on inputs made for the model, at most: mean
    /// Kullback-Leibler divergence in nats of outputs that are distributions, half the relative squared error of
    /// others.
    /// </summary>
    Kl,
}
