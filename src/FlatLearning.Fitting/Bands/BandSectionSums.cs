namespace FlatLearning.Fitting.Bands;

/// <summary>Squared errors of some columns, for each row of a section.</summary>
/// <param name="FirstRow">The place of the first row.</param>
/// <param name="Rows">One sum a row.</param>
internal sealed record BandSectionSums(int FirstRow, double[] Rows);
