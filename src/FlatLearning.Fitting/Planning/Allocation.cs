namespace FlatLearning.Fitting.Planning;

/// <summary>A choice of one option for every item.</summary>
/// <param name="Choice">The option of each item.</param>
/// <param name="Bytes">Their bytes together.</param>
/// <param name="Loss">Their losses together.</param>
/// <param name="Price">lambda, the loss that one more byte was worth where the choice was made.</param>
public sealed record Allocation(IReadOnlyList<int> Choice, long Bytes, double Loss, double Price);
