using Microsoft.Win32.SafeHandles;

namespace FlatLearning.Onnx.Files;

/// <summary>
/// Where a model's external data may come from, as ONNX Runtime has it: the model's own folder, folders inside it
/// included, and, where the model's file is a link, the folder that the file itself is in (model hubs keep both files
/// side by side there under other names). A location that leads elsewhere, by an absolute path, by <c>..</c> or by a
/// link, is refused.
/// </summary>
/// <param name="folder">The model's folder.</param>
/// <param name="model">The model's file, or null where there is none.</param>
internal sealed class ExternalDataFolder(string folder, string? model = null)
{
    /// <summary>Full path of the folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    private readonly string? _model = model is null ? null : Path.GetFullPath(model);

    /// <summary>The full path of a location, every link on the way resolved.</summary>
    /// <param name="tensor">The tensor's name, for error texts.</param>
    /// <param name="location">The relative path as written in the model.</param>
    /// <exception cref="OnnxModelException">The location is outside the folder or does not exist there.</exception>
    public string Resolve(string tensor, string location)
    {
        ArgumentNullException.ThrowIfNull(location);
        string? real = TryResolve(location);
        bool isInside = real is not null;
        if (isInside && SystemFile.Exists(real!))
        {
            return real!;
        }

        // Both separators are looked at on every system: a model that is refused where it is copied to is no model
        // whose data is only missing.
        bool escapes = !isInside
            || location[0] is '/' or '\\'
            || (location.Length > 1 && location[1] == ':' && char.IsAsciiLetter(location[0]))
            || location.Split('\\').Contains("..");
        throw new OnnxModelException(
            escapes
                ? Messages.ExternalEscapes(tensor, location)
                : Messages.ExternalMissing(tensor, Path.Combine(Folder, location)));
    }

    /// <summary>
    /// The full path of a location, every link on the way resolved, whether or not a file is there; null where it is
    /// outside the folder.
    /// </summary>
    internal string? TryResolve(string location)
    {
        string? real = location.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(location)
            ? null
            : RealPath.Of(Path.Combine(Folder, location));
        return real is not null && Roots().Any(root => IsInside(root, real)) ? real : null;
    }

    /// <summary>Opens a location after checking that the wanted bytes are in it.</summary>
    /// <param name="tensor">The tensor's name, for error texts.</param>
    /// <param name="location">Where its data is.</param>
    /// <param name="length">Bytes that its type and shape need.</param>
    /// <returns>The file, or null where no byte of it is wanted.</returns>
    internal SafeFileHandle? Open(string tensor, ExternalDataLocation location, long length)
    {
        if (location.Length is { } declared && declared != length)
        {
            throw new OnnxModelException(Messages.ExternalWrongLength(tensor, declared, length));
        }

        string path = Resolve(tensor, location.Location);
        try
        {
            // The length is asked for before opening: a named pipe has none, and opening one would wait for its writer.
            long fileLength = SystemFile.LengthOf(path);
            if (location.Offset > fileLength || length > fileLength - location.Offset)
            {
                throw new OnnxModelException(
                    Messages.ExternalOutside(tensor, path, location.Offset, length, fileLength));
            }

            return length == 0
                ? null
                : SystemFile.OpenRead(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OnnxModelException(
                Messages.ExternalUnreadable(tensor, path, FileReason.Of(exception)), exception);
        }
    }

    /// <summary>Whether any of the files is not in the folder itself.</summary>
    internal bool IsBesideFile(IEnumerable<string> files) => files.Any(file => !IsInside(Roots().First(), file));

    private IEnumerable<string> Roots()
    {
        yield return RealPath.Of(Folder) ?? Folder;
        if (_model is not null && RealPath.Of(_model) is { } file)
        {
            yield return Path.GetDirectoryName(file)!;
        }
    }

    private static bool IsInside(string folder, string path) =>
        path.StartsWith(
            folder.EndsWith(Path.DirectorySeparatorChar) ? folder : folder + Path.DirectorySeparatorChar,
            StringComparison.Ordinal);
}
