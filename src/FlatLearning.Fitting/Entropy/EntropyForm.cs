namespace FlatLearning.Fitting.Entropy;

/// <summary>Which side information an entropy-coded weight has.</summary>
/// <param name="RowClasses">Whether rows have scale classes of their own.</param>
/// <param name="ColumnClasses">Whether columns have.</param>
/// <param name="Predicts">Whether levels are predicted from rows above.</param>
internal readonly record struct EntropyForm(bool RowClasses, bool ColumnClasses, bool Predicts);
