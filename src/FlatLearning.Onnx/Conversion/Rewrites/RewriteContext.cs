using FlatLearning.Dyn;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion.Rewrites;

/// <summary>What a rewrite works with: the stored weight, fresh names, and a place for new constants.</summary>
/// <param name="Inputs">Inputs of the DynMatMul node after <c>x</c>, by position; empty names where absent.</param>
/// <param name="Weight">The representation.</param>
/// <param name="Names">Fresh names.</param>
/// <param name="AddConstant">Adds a constant to the graph of the node.</param>
internal sealed record RewriteContext(
    IReadOnlyList<string> Inputs,
    DynWeight Weight,
    NameAllocator Names,
    Action<TensorProto> AddConstant);
