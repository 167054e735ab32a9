namespace FlatLearning.Benchmarks.Plans;

/// <summary>What one format of others loses on a model.</summary>
/// <param name="Name">The format.</param>
/// <param name="Bits">Stored bits per weight on this model.</param>
/// <param name="NominalBits">Stored bits per weight where nothing is padded: on a matrix of 65,536 x 256.</param>
/// <param name="Error">Squared error over energy.</param>
internal sealed record PeerError(string Name, double Bits, double NominalBits, double Error);
