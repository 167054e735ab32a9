namespace FlatLearning.Kernels;

/// <summary>A class of kernels in the catalogue.</summary>
/// <param name="Info">What it is.</param>
/// <param name="TryCreate">See <see cref="ICatalogued.TryCreate"/>.</param>
internal sealed record KernelEntry(KernelInfo Info, Func<KernelRequest, IMatMulKernel?> TryCreate)
{
    /// <summary>The entry of a class.</summary>
    public static KernelEntry Of<T>()
        where T : IMatMulKernel, ICatalogued => new(T.Info, T.TryCreate);
}
