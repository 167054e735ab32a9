using FlatLearning.Onnx.Proto;
using Google.Protobuf;

namespace FlatLearning.Onnx.Graph;

/// <summary>
/// What exporters and people have noted at a node: its documentation and metadata (module paths, stack traces). A node
/// of ours carries those of the node that it replaces, and gives them back when it is restored.
/// </summary>
internal static class NodeRemarks
{
    // A whole node without its computation, as base64 of its protobuf, since names may be any bytes.
    private const string FusedKey = "flat_onnx.fused";

    /// <summary>Gives a node the remarks of another; those that it has already stay alone.</summary>
    public static void Copy(NodeProto from, NodeProto to)
    {
        if (to.DocString.Length > 0 || to.MetadataProps.Count > 0)
        {
            return;
        }

        if (from.DocString.Length > 0)
        {
            to.DocString = from.DocString;
        }

        to.MetadataProps.Add(from.MetadataProps.Where(entry => entry.Key != FusedKey).Select(entry => entry.Clone()));
    }

    /// <summary>
    /// Notes the name and the remarks, where there are such, of a second node that becomes part of ours.
    /// </summary>
    public static void Keep(NodeProto fused, NodeProto ours)
    {
        if (fused.DocString.Length == 0 && fused.MetadataProps.Count == 0)
        {
            return;
        }

        NodeProto remarks = new() { Name = fused.Name };
        Copy(fused, remarks);
        string text = remarks.ToByteString().ToBase64();
        ours.MetadataProps.Add(new StringStringEntryProto { Key = FusedKey, Value = text });
    }

    /// <summary>
    /// The second node's name and remarks again; null where none were kept, or somebody changed them.
    /// </summary>
    public static NodeProto? Kept(NodeProto ours)
    {
        try
        {
            return ours.MetadataProps.FirstOrDefault(entry => entry.Key == FusedKey) is { } entry
                ? NodeProto.Parser.ParseFrom(ByteString.FromBase64(entry.Value))
                : null;
        }
        catch (Exception exception) when (exception is FormatException or InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
