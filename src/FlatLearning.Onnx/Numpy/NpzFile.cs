using System.IO.Compression;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Numpy;

/// <summary>Reads .npz archives: zip files of .npy files, stored (numpy.savez) or deflated (numpy.savez_compressed).</summary>
public static class NpzFile
{
    /// <summary>Reads every array of an archive.</summary>
    /// <returns>Name without ".npy", and array, in the archive's order; entries that are no .npy files are left out.</returns>
    /// <exception cref="OnnxModelException">It cannot be read, is no zip archive, or an array in it is damaged.</exception>
    public static IReadOnlyList<KeyValuePair<string, NpyArray>> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        const string Extension = ".npy";
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            List<KeyValuePair<string, NpyArray>> arrays = [];
            foreach (ZipArchiveEntry entry in archive.Entries.Where(entry => entry.FullName.EndsWith(Extension, StringComparison.Ordinal)))
            {
                using Stream stream = entry.Open();
                arrays.Add(new(entry.FullName[..^Extension.Length], NpyFile.Read(stream, $"{path}:{entry.FullName}")));
            }

            return arrays;
        }
        catch (InvalidDataException exception)
        {
            throw new OnnxModelException(Messages.NotNpz(path, FileReason.Of(exception)), exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new OnnxModelException(Messages.FileUnreadable(path, FileReason.Of(exception)), exception);
        }
    }
}
