using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion.Rewrites;

/// <summary>What a rewrite works with: the stored weight, fresh names, and a place for new constants.</summary>
/// <param name="Weight">The weight, under the names that its parts have in the model.</param>
/// <param name="Names">Fresh names.</param>
/// <param name="AddConstant">Adds a constant to the graph of the node.</param>
internal sealed record RewriteContext(StoredWeight Weight, NameAllocator Names, Action<TensorProto> AddConstant);
