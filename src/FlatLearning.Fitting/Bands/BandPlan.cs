namespace FlatLearning.Fitting.Bands;

/// <summary>Which rows of each group get codes of which width.</summary>
/// <param name="Starts">[G + 1, B], as <see cref="Dyn.Layout.BandedCodes"/> has them.</param>
/// <param name="CodeBits">Bits of all codes, padded columns counted.</param>
/// <param name="Error">The expected relative weighted error.</param>
/// <param name="PlainError">The expected relative error with every row counted alike.</param>
internal sealed record BandPlan(int[] Starts, long CodeBits, double Error, double PlainError);
