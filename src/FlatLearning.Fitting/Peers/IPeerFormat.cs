namespace FlatLearning.Fitting.Peers;

/// <summary>
/// A format that others store weights in, with one choice of its parameters. Stateless and safe to call from several
/// threads.
/// </summary>
internal interface IPeerFormat
{
    /// <summary>The kind of format without its bits, the same for every rate: "HQQ, groups of 64".</summary>
    string Family { get; }

    /// <summary>Kind and bits as tables show them: "HQQ 4 bits, groups of 64".</summary>
    string Name { get; }

    /// <summary>
    /// Bytes that a matrix of this shape takes where 16 bits hold its scales: what to choose a format by.
    /// <see cref="PeerResult.StoredBytes"/> is larger where they do not.
    /// </summary>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    long PlannedBytes(int rows, int columns);

    /// <summary>Stores a matrix and reads it back.</summary>
    /// <param name="matrix">Finite values.</param>
    /// <param name="cancellation">Ends longer work with an <see cref="OperationCanceledException"/>.</param>
    PeerResult RoundTrip(PeerMatrix matrix, CancellationToken cancellation = default);
}
