namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>Whose states are solved for.</summary>
internal enum SideKind
{
    /// <summary>Those of the rows, p.</summary>
    Rows,

    /// <summary>Those of the columns, q.</summary>
    Columns,
}
