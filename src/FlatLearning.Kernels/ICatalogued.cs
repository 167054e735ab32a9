namespace FlatLearning.Kernels;

/// <summary>What a class of kernels says of itself before there is a weight.</summary>
internal interface ICatalogued
{
    /// <summary>Its line of the catalogue.</summary>
    static abstract KernelInfo Info { get; }

    /// <summary>
    /// Prepares the kernel; null where it cannot multiply the weight, the processor lacks what it needs, or the request
    /// says that another is always better. Implementations ask for the instruction set first and in so many words: in a
    /// native build the answer is known, and the kernel's code falls away where it is no.
    /// </summary>
    /// <param name="request">Weight and settings.</param>
    static abstract IMatMulKernel? TryCreate(KernelRequest request);
}
