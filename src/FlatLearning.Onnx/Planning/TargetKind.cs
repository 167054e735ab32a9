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
}
