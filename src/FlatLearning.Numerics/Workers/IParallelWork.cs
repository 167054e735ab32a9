namespace FlatLearning.Numerics;

/// <summary>Work that falls into numbered, independent items.</summary>
public interface IParallelWork
{
    /// <summary>Does one item; called once for every number, on several threads at once, in any order.</summary>
    void Execute(int item);
}
