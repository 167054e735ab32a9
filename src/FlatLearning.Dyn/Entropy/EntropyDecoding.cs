namespace FlatLearning.Dyn.Entropy;

/// <summary>Ways to decode a stream; all give the same bytes.</summary>
public enum EntropyDecoding
{
    /// <summary>One level at a time, on any processor.</summary>
    Reference,

    /// <summary>Eight columns at a time, where the processor has AVX2.</summary>
    Vector,
}
