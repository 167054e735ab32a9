namespace FlatLearning.Onnx.Tournament;

/// <summary>
/// A loaded model whose weights can be exchanged, so that many versions of it are run without loading each.
/// </summary>
internal interface ILiveModel : IDisposable
{
    /// <summary>The weights that can be exchanged.</summary>
    IReadOnlySet<int> Weights { get; }

    /// <summary>Exchanges a weight.</summary>
    /// <param name="weight">Which one.</param>
    /// <param name="matrix">Its elements [K, N], row-major.</param>
    void Set(int weight, ReadOnlySpan<float> matrix);

    /// <summary>How far the outputs are from the original's on the inputs that decide.</summary>
    Divergence Judge(CancellationToken cancellation);

    /// <summary>The same on inputs that fits have seen.</summary>
    Divergence Trial(CancellationToken cancellation);

    /// <summary>Values of the main graph on the inputs of fits, one run behind the other, row-major.</summary>
    IReadOnlyDictionary<string, float[]> Values(IReadOnlyCollection<string> names, CancellationToken cancellation);
}
