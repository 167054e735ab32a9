using FlatLearning.OnnxRuntime.Api;

namespace FlatLearning.OnnxRuntime;

/// <summary>The native counterpart of <see cref="SessionOptions"/>, alive while a session is created.</summary>
internal readonly unsafe ref struct NativeSessionOptions
{
    private readonly OrtApi _api;

    /// <summary>Creates the native object and applies the settings; releases it if one is refused.</summary>
    /// <exception cref="OrtException">A setting, or a custom-operator library, was refused.</exception>
    public NativeSessionOptions(OrtApi api, SessionOptions options)
    {
        _api = api;
        OrtSessionOptionsHandle* handle;
        api.Check(api.CreateSessionOptions(&handle));
        Handle = handle;
        try
        {
            Apply(options);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public OrtSessionOptionsHandle* Handle { get; }

    public void Dispose() => _api.ReleaseSessionOptions(Handle);

    private void Apply(SessionOptions options)
    {
        _api.Check(_api.SetIntraOpNumThreads(Handle, options.IntraOpThreads));
        _api.Check(_api.SetInterOpNumThreads(Handle, options.InterOpThreads));
        _api.Check(_api.SetSessionGraphOptimizationLevel(Handle, (int)options.GraphOptimization));
        _api.Check(_api.SetSessionLogSeverityLevel(Handle, (int)options.LogSeverity));
        if (options.DisableMemoryArena)
        {
            _api.Check(_api.DisableCpuMemArena(Handle));
            _api.Check(_api.DisableMemPattern(Handle));
        }

        if (options.LogId is not null)
        {
            using Utf8 id = new(options.LogId);
            _api.Check(_api.SetSessionLogId(Handle, id.Pointer));
        }

        if (options.OptimizedModelPath is not null)
        {
            using NativePath path = new(options.OptimizedModelPath);
            _api.Check(_api.SetOptimizedModelFilePath(Handle, path.Pointer));
        }

        foreach ((string key, string value) in options.ConfigEntries)
        {
            using Utf8 nativeKey = new(key);
            using Utf8 nativeValue = new(value);
            _api.Check(_api.AddSessionConfigEntry(Handle, nativeKey.Pointer, nativeValue.Pointer));
        }

        foreach ((string name, long size) in options.FreeDimensions)
        {
            using Utf8 nativeName = new(name);
            _api.Check(_api.AddFreeDimensionOverrideByName(Handle, nativeName.Pointer, size));
        }

        foreach (string library in options.CustomOpsLibraries)
        {
            using NativePath path = new(library);
            _api.Check(_api.RegisterCustomOpsLibraryV2(Handle, path.Pointer));
        }
    }
}
