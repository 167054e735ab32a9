namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// The kernel of one node. Immutable once created: the host may compute on several threads at once. Disposed with its
/// session where it is disposable.
/// </summary>
internal abstract class CustomKernel
{
    /// <summary>Computes the output of one call.</summary>
    /// <exception cref="Dyn.DynFormatException">The inputs are not acceptable; the message becomes the run's error.
    /// </exception>
    public abstract void Compute(KernelContext context);
}
