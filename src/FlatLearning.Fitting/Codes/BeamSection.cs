namespace FlatLearning.Fitting.Codes;

/// <summary>Consecutive rows of a column that are coded alike.</summary>
/// <param name="Tables">Their tables; null for rows without codes, of which all is lost.</param>
/// <param name="Rows">How many.</param>
/// <param name="History">Codes that the taps of the first rows reach back to, the newest first; as many as there are,
/// at most taps - 1.</param>
internal readonly record struct BeamSection(AdditiveTables? Tables, int Rows, ReadOnlyMemory<byte> History);
