using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Portable;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Conversion;

/// <summary>A stored constant that is large enough to matter: to be converted, or skipped for a reason.</summary>
/// <param name="Root">The initializer or the output of the Constant node.</param>
/// <param name="Info">Its type and shape as stored.</param>
/// <param name="Uses">The nodes that compute with it; empty where there is a reason.</param>
/// <param name="Readers">Every node that reads it, through chains, for the report.</param>
/// <param name="Reason">Why it is skipped, or null.</param>
internal sealed record WeightCandidate(
    GraphValue Root,
    TensorInfo Info,
    IReadOnlyList<WeightUse> Uses,
    IReadOnlyList<ValueUse> Readers,
    string? Reason)
{
    /// <summary>Whether it becomes a node that gives the dense tensor again.</summary>
    public bool IsTensor => Uses is [TensorUse];

    /// <summary>How a function makes the dense tensor; null where its nodes multiply with what is stored.</summary>
    public TensorForm? TensorForm => Uses is [TensorUse use] ? use.Result : null;

    /// <summary>Whether its elements are taken one by one.</summary>
    public bool IsValues => Uses is [TensorUse { IsValues: true }];

    /// <summary>Why its nodes get the dense tensor and do not multiply with what is stored; else null.</summary>
    public string? DenseReason => Uses is [TensorUse use] ? use.DenseReason : null;

    /// <summary>The weights that it is made of, where several are stored as one; else none.</summary>
    public IReadOnlyList<WeightCandidate> Members { get; init; } = [];

    /// <summary>K of the matrix that is fitted.</summary>
    public int Rows { get; init; }

    /// <summary>N of the matrix that is fitted.</summary>
    public int Columns { get; init; }

    /// <summary>Element type in which the constant reaches its nodes, which is that of x and y.</summary>
    public DataType ElementType { get; init; }

    /// <summary>Its name.</summary>
    public string Name => Root.Name;

    /// <summary>An entry of the report for a weight that stays.</summary>
    public WeightReport Skipped(string reason) => new(
        Name, NodeNamesOfReaders, OpTypes, Info.Dims, ElementTypes.NameOf(Info.Type), Info.ByteLength, Info.ByteLength,
        Info.Count == 0 ? 0 : 8.0 * Info.ByteLength / Info.Count, null, null, null, reason);

    /// <summary>The names of the reading nodes.</summary>
    public IReadOnlyList<string> NodeNamesOfReaders =>
        [.. Readers.Select(
            use => use.Node.Name.Length > 0 ? use.Node.Name : use.Node.Output.FirstOrDefault() ?? string.Empty)
                .Distinct()];

    /// <summary>Their operator types.</summary>
    public IReadOnlyList<string> OpTypes => [.. Readers.Select(use => use.Node.OpType).Distinct()];
}
