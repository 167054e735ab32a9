using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Tournament;

/// <summary>Runs of a model on inputs that are made for it: some that fits may see, others that decide.</summary>
internal interface ITournamentRuns : IDisposable
{
    /// <summary>What the inputs are, in words for the summary.</summary>
    string Inputs { get; }

    /// <summary>How many runs decide.</summary>
    int Samples { get; }

    /// <summary>kl where every output that counts is a distribution, else relative_error.</summary>
    string Measure { get; }

    /// <summary>
    /// Whether the inputs are symbols drawn blindly, as real ones hardly are: what they do inside of the model says
    /// nothing that a fit should follow.
    /// </summary>
    bool IsGuess { get; }

    /// <summary>
    /// What the diagonal of second moments gets, as a share of its mean: the more, the less the inputs are like real
    /// ones.
    /// </summary>
    double Ridge { get; }

    /// <summary>How far a model's outputs are from the original's on the inputs that decide.</summary>
    /// <param name="plain">A model of standard operators with the original's inputs and outputs.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <exception cref="OnnxModelException">It cannot be run.</exception>
    Divergence Judge(OnnxModel plain, CancellationToken cancellation);

    /// <summary>The same on inputs that fits have seen.</summary>
    /// <inheritdoc cref="Judge"/>
    Divergence Trial(OnnxModel plain, CancellationToken cancellation);

    /// <summary>Loads a model whose weights can be exchanged.</summary>
    /// <param name="plain">A model of standard operators with the original's inputs and outputs.</param>
    /// <param name="weights">The initializers that can be exchanged, by what callers know their weights as.</param>
    /// <param name="probes">Values of the main graph that are asked for.</param>
    /// <exception cref="OnnxModelException">It cannot be loaded.</exception>
    ILiveModel Load(
        OnnxModel plain, IReadOnlyDictionary<int, IReadOnlyList<LivePart>> weights,
        IReadOnlyCollection<string> probes);
}
