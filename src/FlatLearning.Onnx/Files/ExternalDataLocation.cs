using System.Globalization;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Files;

/// <summary>Where a tensor's elements lie outside the model file, as its <c>external_data</c> entries say.</summary>
/// <param name="Location">File, relative to the model's folder, as written in the model.</param>
/// <param name="Offset">First byte in that file; 0 where the entry is absent.</param>
/// <param name="Length">Bytes, or null where the entry is absent: then as many as type and shape need.</param>
internal readonly record struct ExternalDataLocation(string Location, long Offset, long? Length)
{
    public const string LocationKey = "location";
    public const string OffsetKey = "offset";
    public const string LengthKey = "length";
    public const string ChecksumKey = "checksum";

    /// <summary>True where the tensor's elements are in another file.</summary>
    public static bool IsExternal(TensorProto tensor) => tensor.DataLocation == TensorProto.Types.DataLocation.External;

    /// <summary>Reads and checks the entries; a key given twice counts as its last entry.</summary>
    /// <exception cref="OnnxModelException">No location, or an offset or length that is no number from 0
    /// on.</exception>
    public static ExternalDataLocation Of(TensorProto tensor, string name)
    {
        string location = "";
        long offset = 0;
        long? length = null;
        foreach (StringStringEntryProto entry in tensor.ExternalData)
        {
            switch (entry.Key)
            {
                case LocationKey:
                    location = entry.Value;
                    break;
                case OffsetKey:
                    offset = Parse(name, entry);
                    break;
                case LengthKey:
                    length = Parse(name, entry);
                    break;
            }
        }

        return location.Length == 0
            ? throw new OnnxModelException(Messages.ExternalNoLocation(name))
            : new ExternalDataLocation(location, offset, length);
    }

    private static long Parse(string name, StringStringEntryProto entry) =>
        long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new OnnxModelException(Messages.ExternalBadNumber(name, entry.Key, entry.Value));
}
