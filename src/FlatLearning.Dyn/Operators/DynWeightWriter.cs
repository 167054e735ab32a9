using FlatLearning.Dyn.Terms;

namespace FlatLearning.Dyn.Operators;

/// <summary>
/// Turns a weight into the attributes and constant inputs of its node: the inverse of <see cref="DynWeightReader"/>,
/// bit for bit.
/// </summary>
public static class DynWeightWriter
{
    /// <summary>Writes a weight. Packed blobs are the weight's own bytes, not copied.</summary>
    public static DynNode Write(DynWeight weight)
    {
        WeightNodeWriter node = new();
        node.Add(WeightSchema.SchemaVersion, DynOperator.SchemaVersion);
        node.Add(WeightSchema.Shape, [weight.Rows, weight.Columns]);
        node.Add(WeightSchema.Storage, weight.Storage);
        if (!weight.HasOwnScales)
        {
            node.Add(WeightInput.RowScale, weight.RowScale);
            node.Add(WeightInput.ColumnScale, weight.ColumnScale);
        }

        foreach (WeightTerm term in weight.Terms)
        {
            term.Write(node);
        }

        return node.Finish();
    }
}
