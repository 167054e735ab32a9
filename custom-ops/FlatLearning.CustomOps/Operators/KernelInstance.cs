using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>A kernel together with the host that it was made for.</summary>
internal sealed class KernelInstance(OrtApi api, CustomKernel kernel, string where)
{
    public OrtApi Api { get; } = api;

    public CustomKernel Kernel { get; } = kernel;

    /// <summary>Operator and node, for messages.</summary>
    public string Where { get; } = where;
}
