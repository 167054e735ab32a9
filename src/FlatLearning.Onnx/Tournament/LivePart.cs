namespace FlatLearning.Onnx.Tournament;

/// <summary>A tensor of a model that holds a weight, or a part of one where several are stored as one matrix.</summary>
/// <param name="Name">The initializer.</param>
/// <param name="Begin">Where its elements begin in the matrix, row-major.</param>
/// <param name="Places">The tensor's element for each of the matrix from there on; null where they lie in the same
/// order.</param>
internal sealed record LivePart(string Name, int Begin, int[]? Places);
