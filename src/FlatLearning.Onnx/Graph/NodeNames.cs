using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Graph;

/// <summary>How error texts and reports call a node.</summary>
internal static class NodeNames
{
    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    public const string RuntimeDomain = "com.microsoft";

    /// <summary>The node's type and name, or its first output where it has none: <c>MatMul 'dense_1'</c>.</summary>
    public static string Of(NodeProto node)
    {
        ArgumentNullException.ThrowIfNull(node);
        string type = node.OpType.Length > 0 ? node.OpType : "node";
        string? name = node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(output => output.Length > 0);
        return $"{type} '{name ?? "(no name)"}'";
    }

    /// <summary>The node's operator, with its domain where that is not the standard one: <c>own:Layer</c>.</summary>
    public static string Operator(NodeProto node) =>
        Domain(node.Domain).Length == 0 ? node.OpType : $"{node.Domain}:{node.OpType}";

    /// <summary>The domain under the one name that "" and "ai.onnx" share: "".</summary>
    public static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;
}
