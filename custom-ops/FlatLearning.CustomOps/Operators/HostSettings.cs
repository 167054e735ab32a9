using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>Reads what a host said in the settings of the session that registers a library.</summary>
public static unsafe class HostSettings
{
    /// <summary>
    /// The value of a session config entry, null where the session has none of that name (or sets it only after it
    /// registered the library).
    /// </summary>
    /// <param name="options">The host's <c>OrtSessionOptions*</c>.</param>
    /// <param name="apiBase">The host's <c>OrtApiBase*</c>.</param>
    /// <param name="key">The entry's name.</param>
    /// <exception cref="OrtException">The host is too old.</exception>
    public static string? ConfigEntry(nint options, nint apiBase, string key)
    {
        OrtApi api = OrtApi.Open((OrtApiBase*)apiBase);
        OrtSessionOptionsHandle* handle = (OrtSessionOptionsHandle*)options;
        using Utf8 name = new(key);
        int exists = 0;
        api.Check(api.HasSessionConfigEntry(handle, name.Pointer, &exists));
        if (exists == 0)
        {
            return null;
        }

        nuint size = 0;
        api.Check(api.GetSessionConfigEntry(handle, name.Pointer, null, &size));
        byte[] text = new byte[(int)size + 1];
        fixed (byte* p = text)
        {
            api.Check(api.GetSessionConfigEntry(handle, name.Pointer, p, &size));
            return Utf8.Read(p);
        }
    }

    /// <summary>An error status for the host with one sentence.</summary>
    /// <param name="apiBase">The host's <c>OrtApiBase*</c>.</param>
    /// <param name="message">The sentence.</param>
    public static nint Refuse(nint apiBase, string message) => HostStatus.Create((OrtApiBase*)apiBase, message);
}
