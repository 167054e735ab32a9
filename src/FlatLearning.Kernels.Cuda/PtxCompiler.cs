using System.Reflection;
using FlatLearning.Cuda.Layout;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace FlatLearning.Kernels.Cuda;

/// <summary>C# methods to PTX text, without a GPU. The text depends on the kernel alone.</summary>
public static class PtxCompiler
{
    private static readonly (Type Type, int Threads)[] Sources =
    [
        (typeof(LookUp), KernelShape.LookUpThreads),
        (typeof(LookUpNarrow), KernelShape.LookUpThreads),
        (typeof(LookUpWide), KernelShape.LookUpThreads),
        (typeof(Tile), KernelShape.TileThreads),
        (typeof(Ends), KernelShape.FinishThreads),
    ];

    /// <summary>All kernels, by name.</summary>
    public static IEnumerable<MethodInfo> Kernels => Sources
        .SelectMany(source => source.Type.GetMethods(
            BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .OrderBy(method => method.Name, StringComparer.Ordinal);

    /// <summary>The text of one kernel, for compute capability 7.5 and whatever came later.</summary>
    public static string Compile(MethodInfo kernel)
    {
        // A context for each kernel: names in the text are numbered from its beginning.
        using Context context = Context.Create(
            builder => builder.Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive));
        using PTXBackend backend = new(
            context, new CudaCapabilityContext(CudaArchitecture.SM_75), CudaArchitecture.SM_75,
            CudaInstructionSet.ISA_63, nvvmAPI: null);
        int threads = Sources.First(source => source.Type == kernel.DeclaringType).Threads;
        PTXCompiledKernel compiled = (PTXCompiledKernel)backend.Compile(
            EntryPointDescription.FromExplicitlyGroupedKernel(kernel), new KernelSpecialization(threads, null));
        return PtxTidy.Tidy(compiled.PTXAssembly);
    }
}
