using System.Globalization;
using System.Runtime.InteropServices;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.CustomOps.Api;

/// <summary>A host's function table, and what the operators ask of it in more than one place.</summary>
/// <param name="functions">The table.</param>
/// <param name="version">The smaller of the host's version and ours.</param>
internal readonly unsafe struct OrtApi(OrtFunctions* functions, uint version)
{
    /// <summary>The newest version of the C API that is known here (ONNX Runtime 1.31).</summary>
    public const uint NewestKnownVersion = 31;

    /// <summary>The oldest usable one (ONNX Runtime 1.17): the first with ParallelFor and shape inference.</summary>
    public const uint OldestUsableVersion = 17;

    /// <summary>The first that tells a tensor's type and shape without making an object for them.</summary>
    public const uint ShapeReferenceVersion = 24;

    /// <summary>More dimensions than any tensor has here.</summary>
    public const int MaxRank = 64;

    /// <summary>Writes a text that ends with a zero where the first argument is not null; says its size, zero included.
    /// </summary>
    /// <returns>A status.</returns>
    public delegate nint TextSource(byte* text, nuint* size);

    /// <summary>The functions.</summary>
    public OrtFunctions* Functions => functions;

    /// <summary>The version that the table was asked for.</summary>
    public uint Version => version;

    /// <summary>Opens the table of the newest version that both sides know.</summary>
    /// <param name="apiBase">The host's <c>OrtApiBase*</c>: a function for the table and one for the version.</param>
    /// <exception cref="OrtException">The host is too old; both versions are named.</exception>
    public static OrtApi Open(nint apiBase)
    {
        string text = Text(((delegate* unmanaged<byte*>*)apiBase)[1]());
        uint version = Math.Min(ApiVersionOf(text), NewestKnownVersion);
        OrtFunctions* table = version < OldestUsableVersion ? null : Table(apiBase, version);
        return table is not null
            ? new OrtApi(table, version)
            : throw new OrtException(
                $"Flat Learning needs ONNX Runtime 1.{OldestUsableVersion} or newer, but this is version '{text}'; "
                    + "update ONNX Runtime.");
    }

    /// <summary>
    /// An error status from a host whose table may be too old for anything else; 0, that is success, only where it has
    /// none at all.
    /// </summary>
    public static nint Refuse(nint apiBase, string message)
    {
        // Every host answers for version 1, and creating a status is slot 0 since then.
        OrtFunctions* table = Table(apiBase, 1);
        return table is null ? 0 : new OrtApi(table, 1).NewStatus(OrtErrorCode.Fail, message);
    }

    /// <summary>Releases a status and throws what it says; does nothing for success.</summary>
    /// <exception cref="OrtException">The status is an error.</exception>
    public void Check(nint status)
    {
        if (status != 0)
        {
            string message = Text(functions->GetErrorMessage(status));
            functions->ReleaseStatus(status);
            throw new OrtException(message);
        }
    }

    /// <summary>Releases a status; true for success.</summary>
    public bool Succeeds(nint status)
    {
        if (status != 0)
        {
            functions->ReleaseStatus(status);
        }

        return status == 0;
    }

    /// <summary>A new status, to be handed to the host.</summary>
    public nint NewStatus(OrtErrorCode code, string message)
    {
        using Utf8 text = new(message);
        return functions->CreateStatus(code, text.Pointer);
    }

    /// <summary>A text, invalid bytes as U+FFFD; null where the host has none.</summary>
    public string? Text(TextSource source)
    {
        nuint size = 0;
        if (!Succeeds(source(null, &size)))
        {
            return null;
        }

        fixed (byte* text = new byte[(int)size + 1])
        {
            Check(source(text, &size));
            return Text(text);
        }
    }

    /// <summary>Whether the host was built with an execution provider.</summary>
    public bool HasProvider(string name)
    {
        byte** names;
        int count;
        if (!Succeeds(functions->GetAvailableProviders(&names, &count)))
        {
            return false;
        }

        bool isThere = false;
        for (int i = 0; i < count; i++)
        {
            isThere |= Text(names[i]) == name;
        }

        Succeeds(functions->ReleaseAvailableProviders(names, count));
        return isThere;
    }

    /// <summary>Type and dimensions, in the room given for them, out of an <c>OrtTensorTypeAndShapeInfo*</c>.</summary>
    public Span<long> Shape(nint info, Span<long> room, out TensorType type)
    {
        nuint count;
        Check(functions->GetDimensionsCount(info, &count));
        room = room[..RankOf(count)];
        fixed (TensorType* to = &type)
        fixed (long* dimensions = room)
        {
            Check(functions->GetTensorElementType(info, to));
            Check(functions->GetDimensions(info, dimensions, count));
        }

        return room;
    }

    /// <summary>A number of dimensions that there is room for.</summary>
    /// <exception cref="DynFormatException">There are more than <see cref="MaxRank"/>.</exception>
    public static int RankOf(nuint count) => count <= MaxRank
        ? (int)count
        : throw new DynFormatException($"a tensor has {count} dimensions, expected at most {MaxRank}");

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? string.Empty;

    private static OrtFunctions* Table(nint apiBase, uint version) =>
        (OrtFunctions*)((delegate* unmanaged<uint, void*>*)apiBase)[0](version);

    // ONNX Runtime 1.x has API version x; what comes after 1 counts as the newest known, another form as too old.
    private static uint ApiVersionOf(string text) =>
        text.Split('.') is [string first, string second, ..]
            && uint.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out uint major)
            && uint.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out uint minor)
            ? major switch { 0 => 0, 1 => minor, _ => NewestKnownVersion }
            : 0;
}
