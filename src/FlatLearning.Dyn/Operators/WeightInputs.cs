namespace FlatLearning.Dyn.Operators;

/// <summary>All inputs of weights and their names.</summary>
public static class WeightInputs
{
    // In the order of the enumeration, which is that of the specification.
    private static readonly string[] Names =
    [
        "codes", "codebook", "row_scale", "column_scale", "row_states", "column_states", "state_range",
        "metric_parameters", "bands", "sparse_gaps", "sparse_values",
    ];

    /// <summary>How many inputs there are.</summary>
    public static int Count => Names.Length;

    /// <summary>All inputs, in order.</summary>
    public static IEnumerable<WeightInput> All => Enumerable.Range(0, Count).Select(i => (WeightInput)i);

    /// <summary>Inputs after which a weight's parts may be called: all but those that are small or shared.</summary>
    public static IEnumerable<WeightInput> Leading =>
        All.Where(input => input is not (WeightInput.Codebook or WeightInput.RowScale or WeightInput.ColumnScale));

    /// <summary>The name of an input as the specification writes it.</summary>
    public static string Name(this WeightInput input) => Names[(int)input];
}
