using System.IO.Compression;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Numpy;

/// <summary>
/// Reads .npz archives: zip files of .npy files, stored (numpy.savez) or deflated (numpy.savez_compressed).
/// </summary>
internal static class NpzFile
{
    /// <summary>Reads every array of an archive.</summary>
    /// <returns>The arrays of numbers, and the names of those of text or objects; entries that are no .npy files are
    /// left out.</returns>
    /// <exception cref="OnnxModelException">It cannot be read, is no zip archive, or an array in it is
    /// damaged.</exception>
    public static NpzArchive Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        const string Extension = ".npy";
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            List<KeyValuePair<string, NpyArray>> arrays = [];
            List<KeyValuePair<string, string>> skipped = [];
            foreach (ZipArchiveEntry entry in archive.Entries.Where(
                entry => entry.FullName.EndsWith(Extension, StringComparison.Ordinal)))
            {
                using Stream stream = entry.Open();
                string array = entry.FullName[..^Extension.Length];
                string where = $"{path}:{entry.FullName}";
                NpyHeader header = NpyHeader.Read(stream, where);
                if (header.Type == TensorProto.Types.DataType.Undefined)
                {
                    skipped.Add(new(array, header.Descr));
                }
                else
                {
                    arrays.Add(new(array, NpyFile.ReadArray(stream, header, where)));
                }
            }

            return new NpzArchive(arrays, skipped);
        }
        catch (InvalidDataException exception)
        {
            throw new OnnxModelException(Messages.NotNpz(path, FileReason.Of(exception)), exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            or NotSupportedException)
        {
            throw new OnnxModelException(Messages.FileUnreadable(path, FileReason.Of(exception)), exception);
        }
    }
}
