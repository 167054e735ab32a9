using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using FlatLearning.OnnxRuntime.Api;

namespace FlatLearning.OnnxRuntime;

/// <summary>
/// ONNX Runtime's process-wide state for one library. There is one per library, made on first use and never released,
/// since the library keeps only one itself. Its log goes to <see cref="MessageLogged"/> and to
/// <see cref="RecentMessages"/>, never to standard error.
/// </summary>
public sealed unsafe class OrtEnvironment
{
    private const int MessagesKept = 100;

    private static readonly ConcurrentDictionary<OrtLibrary, Lazy<OrtEnvironment>> Environments = new();

    private readonly Lock _gate = new();
    private readonly Queue<OrtLogMessage> _recent = new();

    private OrtEnvironment(OrtLibrary library)
    {
        Library = library;

        // Never freed: the library may log for as long as the process lives.
        nint self = GCHandle.ToIntPtr(GCHandle.Alloc(this));
        using Utf8 id = new("flat-onnx");
        OrtEnvHandle* handle;
        OrtApi api = library.Api;
        api.Check(api.CreateEnvWithCustomLogger(&OnMessage, (void*)self, OrtLogSeverity.Warning, id.Pointer, &handle));
        Handle = handle;

        OrtMemoryInfoHandle* memory;
        const int Arena = 1;
        const int DefaultMemory = 0;
        api.Check(api.CreateCpuMemoryInfo(Arena, DefaultMemory, &memory));
        CpuMemory = memory;

        OrtAllocatorHandle* allocator;
        api.Check(api.GetAllocatorWithDefaultOptions(&allocator));
        Allocator = allocator;
    }

    /// <summary>Raised for every message, on whatever thread wrote it; handlers must not throw.</summary>
    public event Action<OrtLogMessage>? MessageLogged;

    /// <summary>The environment of <see cref="OrtLibrary.Default"/>.</summary>
    /// <exception cref="OrtException">There is no usable library.</exception>
    public static OrtEnvironment Default => For(OrtLibrary.Default);

    /// <summary>The library it belongs to.</summary>
    public OrtLibrary Library { get; }

    /// <summary>The last hundred messages, oldest first.</summary>
    public IReadOnlyList<OrtLogMessage> RecentMessages
    {
        get
        {
            lock (_gate)
            {
                return [.. _recent];
            }
        }
    }

    /// <summary>The native environment.</summary>
    internal OrtEnvHandle* Handle { get; }

    /// <summary>Describes memory of the processor.</summary>
    internal OrtMemoryInfoHandle* CpuMemory { get; }

    /// <summary>The allocator of strings that the library returns.</summary>
    internal OrtAllocatorHandle* Allocator { get; }

    /// <summary>The environment of a library; always the same object for the same library.</summary>
    public static OrtEnvironment For(OrtLibrary library)
    {
        ArgumentNullException.ThrowIfNull(library);
        return Environments.GetOrAdd(library, static l => new Lazy<OrtEnvironment>(() => new OrtEnvironment(l))).Value;
    }

    /// <summary>A managed copy of a string that the library allocated; the original is freed.</summary>
    internal string TakeString(byte* text)
    {
        string result = Utf8.Read(text) ?? string.Empty;
        Library.Api.Check(Library.Api.AllocatorFree(Allocator, text));
        return result;
    }

    [UnmanagedCallersOnly]
    private static void OnMessage(
        void* self, OrtLogSeverity severity, byte* category, byte* logId, byte* location, byte* text)
    {
        try
        {
            OrtEnvironment environment = (OrtEnvironment)GCHandle.FromIntPtr((nint)self).Target!;
            environment.Record(new OrtLogMessage(
                severity, Utf8.Read(logId) ?? string.Empty, Utf8.Read(location) ?? string.Empty,
                Utf8.Read(text) ?? string.Empty));
        }
        catch (Exception)
        {
            // The caller is native code inside a log statement: nothing may escape, and there is nobody to tell.
        }
    }

    private void Record(OrtLogMessage message)
    {
        lock (_gate)
        {
            if (_recent.Count == MessagesKept)
            {
                _recent.Dequeue();
            }

            _recent.Enqueue(message);
        }

        MessageLogged?.Invoke(message);
    }
}
