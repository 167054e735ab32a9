namespace FlatLearning.Fitting.Bands;

/// <summary>What each width of <see cref="BandCodebooks.Widths"/> loses on a weight, and with which tables.</summary>
/// <param name="Shares">Squared error over the squares of the scales, both weighted by H, for each width.</param>
/// <param name="Own">Tables of the weight's own, one per width; null for the common ones, which a model stores once.</param>
internal sealed record BandErrors(double[] Shares, IReadOnlyList<Codes.AdditiveTables>? Own);
