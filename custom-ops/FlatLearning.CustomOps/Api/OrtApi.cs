using System.Globalization;
using System.Runtime.CompilerServices;

namespace FlatLearning.CustomOps.Api;

/// <summary>
/// ONNX Runtime's function table, typed slot by slot. The other parts of this struct hold the functions by subject.
/// Strings are UTF-8 and zero-terminated, paths are in the platform's own character type, and a function that returns a
/// status returns null for success.
/// </summary>
internal readonly unsafe partial struct OrtApi
{
    /// <summary>The newest version of the C API whose functions this project knows (ONNX Runtime 1.30).</summary>
    public const uint NewestKnownVersion = 30;

    /// <summary>
    /// The oldest usable version (ONNX Runtime 1.17): the first with ParallelFor and shape inference for operators.
    /// </summary>
    public const uint OldestUsableVersion = 17;

    /// <summary>
    /// The first version that tells a tensor's type and shape without making an object for them (ONNX Runtime 1.24).
    /// </summary>
    public const uint ShapeReferenceVersion = 24;

    private readonly void** _table;

    private OrtApi(void** table, uint version)
    {
        _table = table;
        Version = version;
    }

    /// <summary>The API version asked for: the smaller of the library's and ours.</summary>
    public uint Version { get; }

    /// <summary>Whether <see cref="GetTensorElementTypeAndShapeDataReference"/> is there.</summary>
    public bool HasShapeReference => Version >= ShapeReferenceVersion;

    /// <summary>Tells one loaded library from another.</summary>
    public nint Identity => (nint)_table;

    /// <summary>True where no table was obtained.</summary>
    public bool IsNull => _table is null;

    /// <summary>Opens the table of the newest version that both sides know.</summary>
    /// <param name="apiBase">The library's entry structure.</param>
    /// <exception cref="OrtException">The library is too old; both versions are named.</exception>
    public static OrtApi Open(OrtApiBase* apiBase)
    {
        string text = Utf8.Read(apiBase->GetVersionString()) ?? string.Empty;
        uint version = Math.Min(ApiVersionOf(text), NewestKnownVersion);
        if (version < OldestUsableVersion)
        {
            throw new OrtException(OrtErrorCode.Fail, TooOld(text));
        }

        void** table = apiBase->GetApi(version);
        return table is null ? throw new OrtException(OrtErrorCode.Fail, TooOld(text)) : new OrtApi(table, version);
    }

    /// <summary>
    /// The API version of a library: the second number of its version string, since ONNX Runtime 1.x has API version x.
    /// Zero where the string has another form; a major version above 1 counts as the newest known.
    /// </summary>
    public static uint ApiVersionOf(string versionString)
    {
        string[] parts = versionString.Split('.');
        if (parts.Length < 2
            || !uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out uint major)
            || !uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint minor))
        {
            return 0;
        }

        return major switch { 0 => 0, 1 => minor, _ => NewestKnownVersion };
    }

    /// <summary>The sentence for a library that is too old, naming its version and the oldest usable one.</summary>
    public static string TooOld(string versionString) =>
        $"Flat Learning needs ONNX Runtime 1.{OldestUsableVersion} or newer, but this is version '{versionString}'; "
            + $"update ONNX Runtime.";

    /// <summary>A table that the library itself handed to an operator.</summary>
    public static OrtApi FromTable(void** table, uint version) => new(table, version);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void* At(int slot) => _table[slot];
}
