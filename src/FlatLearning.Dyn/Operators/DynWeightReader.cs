using FlatLearning.Dyn.Terms;
using FlatLearning.Numerics;

namespace FlatLearning.Dyn.Operators;

/// <summary>
/// Turns the attributes and constant inputs of a node into a checked <see cref="DynWeight"/>. The one gate for
/// untrusted files: kernel, inspection and restoring all come through here. Packed blobs are not copied.
/// </summary>
public static class DynWeightReader
{
    /// <summary>
    /// Reads and checks a weight. Throws <see cref="DynFormatException"/> with one sentence for anything the
    /// specification rejects.
    /// </summary>
    /// <param name="attributes">The node's attributes; others than those of the specification are ignored.</param>
    /// <param name="input">The constant input, null where it is absent.</param>
    /// <param name="workers">The threads that decode entropy-coded codes; by default the caller's alone.</param>
    public static DynWeight Read(
        IEnumerable<DynAttribute> attributes, Func<WeightInput, ConstantTensor?> input, IWorkers? workers = null)
    {
        WeightNode node = new(attributes, input, workers);
        foreach (TermKind kind in TermKinds.All)
        {
            if (kind.Read(node) is { } term)
            {
                node.Terms.Add(term);
            }
        }

        return new DynWeight(
            node.Rows,
            node.Columns,
            node.OptionalParameters(WeightInput.RowScale),
            node.OptionalParameters(WeightInput.ColumnScale),
            node.Terms);
    }
}
