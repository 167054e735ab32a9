using System.Globalization;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Files;

/// <summary>Where a tensor's elements lie outside the model file, as its <c>external_data</c> entries say.</summary>
/// <param name="Location">File, relative to the model's folder, as written in the model.</param>
/// <param name="Offset">First byte in that file; 0 where the entry is absent.</param>
/// <param name="Length">Bytes, or null where the entry is absent or 0: then as many as type and shape need.</param>
internal readonly record struct ExternalDataLocation(string Location, long Offset, long? Length)
{
    public const string LocationKey = "location";
    public const string OffsetKey = "offset";
    public const string LengthKey = "length";
    public const string ChecksumKey = "checksum";

    /// <summary>How the keys of ONNX Runtime's own packed copies begin; they lie in the same file.</summary>
    public const string PrepackedKey = "prepacked";

    /// <summary>True where the tensor's elements are in another file.</summary>
    public static bool IsExternal(TensorProto tensor) => tensor.DataLocation == TensorProto.Types.DataLocation.External;

    /// <summary>
    /// Reads and checks the entries, numbers as ONNX Runtime reads them; a key given twice counts as its last entry.
    /// </summary>
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
                    // No plus sign; a minus before zeros is still 0.
                    offset = Number(
                        name,
                        entry,
                        entry.Value,
                        entry.Value.StartsWith('-') ? NumberStyles.AllowLeadingSign : NumberStyles.None);
                    break;
                case LengthKey:
                    bool isHex = entry.Value.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
                    long bytes = isHex
                        ? Number(name, entry, entry.Value[2..], NumberStyles.AllowHexSpecifier)
                        : Number(name, entry, entry.Value, NumberStyles.None);
                    length = bytes == 0 ? null : bytes;
                    break;
            }
        }

        return location.Length == 0
            ? throw new OnnxModelException(Messages.ExternalNoLocation(name))
            : new ExternalDataLocation(location, offset, length);
    }

    private static long Number(string name, StringStringEntryProto entry, string digits, NumberStyles styles) =>
        long.TryParse(digits, styles, CultureInfo.InvariantCulture, out long value) && value >= 0
            ? value
            : throw new OnnxModelException(Messages.ExternalBadNumber(name, entry.Key, entry.Value));
}
