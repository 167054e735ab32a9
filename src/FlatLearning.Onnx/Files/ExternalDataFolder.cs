using Microsoft.Win32.SafeHandles;

namespace FlatLearning.Onnx.Files;

/// <summary>
/// The only folder that a model's external data may come from: the model's own, folders inside it included. A location
/// that leaves it, by an absolute path, by <c>..</c> or by a symbolic link, is refused.
/// </summary>
/// <param name="folder">Full path of the model's folder.</param>
public sealed class ExternalDataFolder(string folder)
{
    /// <summary>Full path of the folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>The full path of a location.</summary>
    /// <param name="tensor">The tensor's name, for error texts.</param>
    /// <param name="location">The relative path as written in the model.</param>
    /// <exception cref="OnnxModelException">The location is outside the folder or does not exist there.</exception>
    public string Resolve(string tensor, string location)
    {
        ArgumentNullException.ThrowIfNull(location);
        // Both separators are looked at on every system: a model must not be safe here and unsafe where it is copied
        // to.
        bool escapes = location.Contains('\0', StringComparison.Ordinal)
            || Path.IsPathRooted(location)
            || location[0] is '/' or '\\'
            || (location.Length > 1 && location[1] == ':' && char.IsAsciiLetter(location[0]))
            || location.Split('/', '\\').Contains("..");
        if (escapes)
        {
            throw new OnnxModelException(Messages.ExternalEscapes(tensor, location));
        }

        string path = Path.GetFullPath(Path.Combine(Folder, location));
        if (RealPath.Of(path) is not { } real || !IsInside(RealPath.Of(Folder) ?? Folder, real))
        {
            throw new OnnxModelException(Messages.ExternalEscapes(tensor, location));
        }

        return File.Exists(path) ? path : throw new OnnxModelException(Messages.ExternalMissing(tensor, path));
    }

    /// <summary>Opens a location after checking that the wanted bytes are in it.</summary>
    /// <param name="tensor">The tensor's name, for error texts.</param>
    /// <param name="location">Where its data is.</param>
    /// <param name="length">Bytes that its type and shape need.</param>
    internal SafeFileHandle Open(string tensor, ExternalDataLocation location, long length)
    {
        if (location.Length is { } declared && declared != length)
        {
            throw new OnnxModelException(Messages.ExternalWrongLength(tensor, declared, length));
        }

        string path = Resolve(tensor, location.Location);
        try
        {
            // The length is asked for before opening: a named pipe has none, and opening one would wait for its writer.
            long fileLength = new FileInfo(path).Length;
            if (location.Offset > fileLength || length > fileLength - location.Offset)
            {
                throw new OnnxModelException(
                    Messages.ExternalOutside(tensor, path, location.Offset, length, fileLength));
            }

            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OnnxModelException(
                Messages.ExternalUnreadable(tensor, path, FileReason.Of(exception)), exception);
        }
    }

    private static bool IsInside(string folder, string path) =>
        path.StartsWith(
            folder.EndsWith(Path.DirectorySeparatorChar) ? folder : folder + Path.DirectorySeparatorChar,
            StringComparison.Ordinal);
}
