namespace FlatLearning.Onnx;

/// <content>03xx: the structure of graphs.</content>
internal static partial class Messages
{
    public static string NoIrVersion() =>
        "FLAT0301: the model states no ir_version; export it again.";

    public static string NoOpsets() =>
        "FLAT0302: the model imports no operator set; export it again.";

    public static string OpsetTwice(string domain) =>
        $"FLAT0303: the operator set of domain '{domain}' is imported twice; export the model again.";

    public static string OpsetVersion(string domain, long version) =>
        $"FLAT0304: the operator set of domain '{domain}' has version {Number(version)}, and versions start at 1; "
            + "export the model again.";

    public static string DomainNotImported(string scope, string node, string domain) =>
        $"FLAT0305: {node} in {scope} belongs to domain '{domain}', whose operator set is not imported; export the "
            + "model again.";

    public static string NodeWithoutType(string scope, string node) =>
        $"FLAT0306: {node} in {scope} has no operator type; export the model again.";

    public static string ValueTwice(string scope, string name) =>
        $"FLAT0307: '{name}' is defined more than once in {scope}, where every name may have one definition; export "
            + "the model again.";

    public static string ValueUndefined(string scope, string node, string name) =>
        $"FLAT0308: {node} in {scope} reads '{name}', which nothing defines; export the model again.";

    public static string OutputUndefined(string scope, string name) =>
        $"FLAT0309: the output '{name}' of {scope} is defined by nothing; export the model again.";

    public static string Cycle(string scope, string node) =>
        $"FLAT0310: {node} in {scope} depends on its own output, so the graph has no order to run in; export the "
            + "model again.";

    public static string AttributeTwice(string scope, string node, string attribute) =>
        $"FLAT0311: {node} in {scope} gives the attribute '{attribute}' twice; export the model again.";

    public static string FunctionTwice(string domain, string name) =>
        $"FLAT0312: the function '{domain}:{name}' is defined twice; export the model again.";

    public static string FunctionRecursive(string domain, string name) =>
        $"FLAT0313: the function '{domain}:{name}' calls itself, directly or through others; export the model again.";

    public static string InitializerWithoutName(string scope) =>
        $"FLAT0314: an initializer in {scope} has no name; export the model again.";

    public static string AttributeWithoutName(string scope, string node) =>
        $"FLAT0315: {node} in {scope} has an attribute without a name; export the model again.";

    public static string InFile(string path, string violation) => $"{violation[..8]}: '{path}': {violation[10..]}";
}
