using System.Reflection;
using FlatLearning.Kernels;
using Xunit.Sdk;

namespace FlatLearning.Kernels.Tests.Support;

/// <summary>
/// A theory's data: the name of one kernel of the catalogue. Skipped, with the reason, where the processor lacks an
/// instruction set that the kernel needs.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class KernelDataAttribute : DataAttribute
{
    public KernelDataAttribute(string kernel)
    {
        Kernel = kernel;
        Skip = KernelCatalogue.Kernels.Single(info => info.Name == kernel).Needs.Missing();
    }

    /// <summary>The kernel's name.</summary>
    public string Kernel { get; }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Kernel]];
}
