using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace FlatLearning.Testing;

/// <summary>
/// Another version than the package's: its C# API refuses older libraries, so this calls their functions by slot. Linux
/// and macOS. A library stays loaded until the process ends.
/// </summary>
internal sealed unsafe class SlotRuntime : IOnnxRuntime
{
    private const int LogFatal = 4;
    private const int ArenaAllocator = 1;
    private const int DefaultMemory = 0;
    private static readonly ConcurrentDictionary<string, Lazy<SlotRuntime>> Loaded = new(StringComparer.Ordinal);

    private readonly void** _functions;
    private readonly nint _environment;

    private SlotRuntime(string library)
    {
        nint entry = NativeLibrary.GetExport(NativeLibrary.Load(library), "OrtGetApiBase");
        void** apiBase = ((delegate* unmanaged<void**>)entry)();
        Version = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)apiBase[1])())!;
        uint apiVersion = uint.Parse(Version.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture);
        _functions = ((delegate* unmanaged<uint, void**>)apiBase[0])(apiVersion);

        nint environment, memory, allocator;
        using NativeText id = new("tests");
        Check(((delegate* unmanaged<int, nint, nint*, nint>)this[OrtFunction.CreateEnv])(
            LogFatal, id.Pointer, &environment));
        Check(((delegate* unmanaged<int, int, nint*, nint>)this[OrtFunction.CreateCpuMemoryInfo])(
            ArenaAllocator, DefaultMemory, &memory));
        Check(((delegate* unmanaged<nint*, nint>)this[OrtFunction.GetAllocatorWithDefaultOptions])(&allocator));
        (_environment, Memory, Allocator) = (environment, memory, allocator);
    }

    public string Version { get; }

    /// <summary>Describes memory of the processor.</summary>
    public nint Memory { get; }

    /// <summary>Frees strings that the library returns.</summary>
    public nint Allocator { get; }

    /// <summary>The address of a function.</summary>
    public void* this[OrtFunction function] => _functions[(int)function];

    /// <summary>Loads a library; always the same object for the same file.</summary>
    public static SlotRuntime Load(string library) =>
        Loaded.GetOrAdd(library, path => new Lazy<SlotRuntime>(() => new SlotRuntime(path))).Value;

    public IOnnxSession Open(byte[] model, string? library = null, string? optimisedPath = null)
    {
        nint options, session;
        Check(((delegate* unmanaged<nint*, nint>)this[OrtFunction.CreateSessionOptions])(&options));
        try
        {
            Check(((delegate* unmanaged<nint, int, nint>)this[OrtFunction.SetIntraOpNumThreads])(options, 1));
            Set(options, OrtFunction.RegisterCustomOpsLibraryV2, library);
            Set(options, OrtFunction.SetOptimizedModelFilePath, optimisedPath);
            fixed (byte* bytes = model)
            {
                Check(((delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)
                    this[OrtFunction.CreateSessionFromArray])(
                    _environment, bytes, (nuint)model.Length, options, &session));
            }

            return new SlotSession(this, session);
        }
        finally
        {
            Release(OrtFunction.ReleaseSessionOptions, options);
        }
    }

    /// <summary>Throws what a status says, and releases it.</summary>
    public void Check(nint status)
    {
        if (status != 0)
        {
            nint text = ((delegate* unmanaged<nint, nint>)this[OrtFunction.GetErrorMessage])(status);
            OnnxRuntimeFailure failure = new(Marshal.PtrToStringUTF8(text)!);
            Release(OrtFunction.ReleaseStatus, status);
            throw failure;
        }
    }

    /// <summary>Calls a function that releases something.</summary>
    public void Release(OrtFunction function, nint handle) =>
        ((delegate* unmanaged<nint, void>)this[function])(handle);

    private void Set(nint options, OrtFunction function, string? path)
    {
        if (path is not null)
        {
            using NativeText text = new(path);
            Check(((delegate* unmanaged<nint, nint, nint>)this[function])(options, text.Pointer));
        }
    }
}
