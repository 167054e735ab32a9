using System.Text;

namespace FlatLearning.Onnx.Files;

/// <summary>Writes texts such as reports and plots.</summary>
internal static class TextFile
{
    /// <summary>Writes UTF-8 so that the target is either the old file or the whole new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">What it is to hold.</param>
    /// <param name="existing">What happens to a file that is there by then.</param>
    /// <exception cref="OnnxModelException">The target cannot be written; nothing was changed.</exception>
    public static void Write(string path, string text, ExistingFile existing = ExistingFile.Replace)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using AtomicFileSet files = new(existing);
            files.Create(Path.GetFullPath(path)).Write(Encoding.UTF8.GetBytes(text));
            files.Commit();
        }
        catch (Exception exception) when (FileReason.IsWriteFailure(exception))
        {
            throw new OnnxModelException(Messages.TargetUnwritable(path, FileReason.Of(exception)), exception);
        }
    }
}
