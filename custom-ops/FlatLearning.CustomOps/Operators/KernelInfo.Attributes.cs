using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <content>
/// Attributes. The C API has no question "is there such an attribute": most readers fail both for an absent attribute
/// and for one of another type, and the list readers give an empty list for another type. So a failure is followed by
/// the other readers, and only where all fail is the attribute taken for absent.
/// </content>
public readonly unsafe ref partial struct KernelInfo
{
    /// <summary>An integer attribute, null where the node has none of that name.</summary>
    /// <exception cref="OperatorException">The attribute has another type.</exception>
    public long? GetInt(string name)
    {
        using Utf8 key = new(name);
        return ReadInt(key.Pointer, out long value) ? value : AbsentOr<long?>(key.Pointer, name, "an int");
    }

    /// <summary>A float attribute, null where the node has none of that name.</summary>
    /// <exception cref="OperatorException">The attribute has another type.</exception>
    public float? GetFloat(string name)
    {
        using Utf8 key = new(name);
        return ReadFloat(key.Pointer, out float value) ? value : AbsentOr<float?>(key.Pointer, name, "a float");
    }

    /// <summary>A list of integers, null where the node has none of that name.</summary>
    /// <exception cref="OperatorException">The attribute has another type.</exception>
    public long[]? GetInts(string name)
    {
        using Utf8 key = new(name);
        nuint size = 0;
        if (!Succeeds(_api.KernelInfoGetAttributeArrayInt64(_handle, key.Pointer, null, &size)))
        {
            return AbsentOr<long[]?>(key.Pointer, name, "a list of ints");
        }

        if (size == 0)
        {
            return AbsentOr<long[]?>(key.Pointer, name, "a list of ints");
        }

        long[] values = new long[(int)size];
        fixed (long* p = values)
        {
            _api.Check(_api.KernelInfoGetAttributeArrayInt64(_handle, key.Pointer, p, &size));
        }

        return values;
    }

    /// <summary>A text attribute, null where the node has none of that name.</summary>
    /// <exception cref="OperatorException">The attribute has another type.</exception>
    public string? GetString(string name)
    {
        using Utf8 key = new(name);
        nuint size = 0;
        if (!Succeeds(_api.KernelInfoGetAttributeString(_handle, key.Pointer, null, &size)))
        {
            return AbsentOr<string?>(key.Pointer, name, "a string");
        }

        byte[] text = new byte[(int)size + 1];
        fixed (byte* p = text)
        {
            _api.Check(_api.KernelInfoGetAttributeString(_handle, key.Pointer, p, &size));
            return Utf8.Read(p);
        }
    }

    private T? AbsentOr<T>(byte* key, string name, string expected)
    {
        nuint size = 0;
        string? found = ReadInt(key, out _) ? "an int"
            : ReadFloat(key, out _) ? "a float"
            : Succeeds(_api.KernelInfoGetAttributeString(_handle, key, null, &size)) ? "a string"
            : OtherKind(key);
        return found is null
            ? default
            : throw new OperatorException($"attribute {name} is {found}, expected {expected}");
    }

    private string? OtherKind(byte* key)
    {
        nuint ints = 0;
        nuint floats = 0;
        bool exists = Succeeds(_api.KernelInfoGetAttributeArrayInt64(_handle, key, null, &ints));
        exists |= Succeeds(_api.KernelInfoGetAttributeArrayFloat(_handle, key, null, &floats));
        return ints > 0
            ? "a list of ints"
            : floats > 0
            ? "a list of floats"
            : exists
            ? "empty or of another type"
            : null;
    }

    private bool ReadInt(byte* key, out long value)
    {
        long read;
        bool found = Succeeds(_api.KernelInfoGetAttributeInt64(_handle, key, &read));
        value = found ? read : 0;
        return found;
    }

    private bool ReadFloat(byte* key, out float value)
    {
        float read;
        bool found = Succeeds(_api.KernelInfoGetAttributeFloat(_handle, key, &read));
        value = found ? read : 0;
        return found;
    }

    private bool Succeeds(OrtStatusHandle* status)
    {
        if (status is null)
        {
            return true;
        }

        _api.ReleaseStatus(status);
        return false;
    }
}
