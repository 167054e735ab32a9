namespace FlatLearning.Onnx.Portable;

/// <summary>How the function of a <c>DynWeight</c> node makes tensors of the matrix.</summary>
/// <param name="IsTransposed">Whether the elements are those of the transposed matrix.</param>
/// <param name="IsPermuted">Whether axes are taken in another order in the end.</param>
/// <param name="Shapes">The shapes of the outputs where there are several, each in rows of its own; else none.</param>
internal sealed record TensorForm(bool IsTransposed, bool IsPermuted, IReadOnlyList<long[]> Shapes)
{
    /// <inheritdoc/>
    public bool Equals(TensorForm? other) => other is not null
        && (IsTransposed, IsPermuted, Shapes.Count) == (other.IsTransposed, other.IsPermuted, other.Shapes.Count)
        && Shapes.Zip(other.Shapes).All(pair => pair.First.SequenceEqual(pair.Second));

    /// <inheritdoc/>
    public override int GetHashCode() =>
        Shapes.SelectMany(shape => shape).Aggregate(HashCode.Combine(IsTransposed, IsPermuted), HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{IsTransposed} {IsPermuted} {string.Join(';', Shapes.Select(shape => string.Join(',', shape)))}";
}
