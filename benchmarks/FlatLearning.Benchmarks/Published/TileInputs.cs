namespace FlatLearning.Benchmarks.Published;

/// <summary>
/// What <see cref="RowPass"/> reads: theta; e^-a per block of four rows [blocks, features, 4]; e^-b [features, columns
/// padded]; v per feature; the matrix, its rows padded. Where <paramref name="Wide"/>, -a and -b instead of their
/// exponentials.
/// </summary>
internal sealed record TileInputs(
    AlignedArray Theta, AlignedArray Rows, AlignedArray Columns, AlignedArray Weights, AlignedArray Target, bool Wide);
