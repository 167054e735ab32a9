using FlatLearning.Numerics;

namespace FlatLearning.Fitting;

/// <summary>
/// How much a squared error in each row counts, [K]: H[k, k]; of a full H the factor's diagonal, because later rows
/// make up for the rest (docs/derivations/error-feedback.md).
/// </summary>
internal static class RowImportance
{
    public static double[] Of(Hessian weight, int rows, IWorkers workers) =>
        weight.IsFull ? weight.FactorBy(workers).Diagonal : [.. Enumerable.Range(0, rows).Select(weight.At)];
}
