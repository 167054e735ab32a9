using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using FlatLearning.OnnxRuntime.Api;

namespace FlatLearning.OnnxRuntime;

/// <summary>
/// A loaded ONNX Runtime library. Libraries are loaded once per path and stay loaded until the process ends.
/// </summary>
public sealed unsafe class OrtLibrary
{
    /// <summary>The environment variable that names another library file, or the folder that holds it.</summary>
    public const string EnvironmentVariable = "FLAT_ONNXRUNTIME";

    private static readonly ConcurrentDictionary<string, Lazy<OrtLibrary>> Loaded = new(StringComparer.Ordinal);

    private OrtLibrary(string path)
    {
        Path = path;
        if (!NativeLibrary.TryLoad(path, out nint handle))
        {
            throw new OrtException(
                OrtErrorCode.NoSuchFile,
                $"'{path}' could not be loaded as ONNX Runtime; expected a shared library for this operating system "
                    + $"and processor.");
        }

        if (!NativeLibrary.TryGetExport(handle, "OrtGetApiBase", out nint entry))
        {
            throw new OrtException(
                OrtErrorCode.Fail,
                $"'{path}' is not ONNX Runtime: it does not export OrtGetApiBase; name another file in "
                    + $"{EnvironmentVariable}.");
        }

        OrtApiBase* apiBase = ((delegate* unmanaged<OrtApiBase*>)entry)();
        VersionString = Utf8.Read(apiBase->GetVersionString()) ?? string.Empty;
        Api = OrtApi.Open(apiBase);
    }

    /// <summary>
    /// The library that the tool uses: the one named by <see cref="EnvironmentVariable"/>, else the one beside the
    /// application.
    /// </summary>
    /// <exception cref="OrtException">There is none, or it cannot be used.</exception>
    public static OrtLibrary Default => Load();

    /// <summary>The file that was loaded.</summary>
    public string Path { get; }

    /// <summary>The library's version, for example <c>1.30.0</c>.</summary>
    public string VersionString { get; }

    /// <summary>The C API version in use: the smaller of the library's and the newest one known here.</summary>
    public int ApiVersion => (int)Api.Version;

    /// <summary>The function table.</summary>
    internal OrtApi Api { get; }

    /// <summary>Loads ONNX Runtime.</summary>
    /// <param name="path">The library file or its folder; null for the place described at
    /// <see cref="Default"/>.</param>
    /// <exception cref="OrtException">The library is missing, is not ONNX Runtime, or is too old.</exception>
    public static OrtLibrary Load(string? path = null)
    {
        string file = OrtLibraryLocator.Find(path);
        Lazy<OrtLibrary> library = Loaded.GetOrAdd(file, static f => new Lazy<OrtLibrary>(() => new OrtLibrary(f)));
        return library.Value;
    }

    /// <summary>Names of the execution providers compiled into the library, best first.</summary>
    public IReadOnlyList<string> GetAvailableProviders()
    {
        byte** names;
        int count;
        Api.Check(Api.GetAvailableProviders(&names, &count));
        string[] result = new string[count];
        for (int i = 0; i < count; i++)
        {
            result[i] = Utf8.Read(names[i]) ?? string.Empty;
        }

        Api.Check(Api.ReleaseAvailableProviders(names, count));
        return result;
    }

    /// <inheritdoc/>
    public override string ToString() => $"ONNX Runtime {VersionString} ({Path})";
}
