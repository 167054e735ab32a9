namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>How an item's state is changed in one sweep.</summary>
internal interface IItemStep
{
    /// <summary>Changes a state, or leaves it.</summary>
    /// <param name="work">The item's problem.</param>
    /// <param name="state">[D].</param>
    /// <param name="damping">The item's damping, kept from sweep to sweep.</param>
    void Run(ItemWork work, Span<float> state, ref double damping);
}
