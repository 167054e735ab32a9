using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Files;

/// <summary>A run of bytes of a side file, with every tensor whose elements lie in it.</summary>
/// <param name="Offset">First byte in the side file.</param>
/// <param name="Length">Bytes.</param>
/// <param name="SourceOffset">First byte in the file that the tensors come from; 0 for an inline tensor.</param>
/// <param name="Tensors">The tensors, in the order of the model, with their first bytes in the side file.</param>
internal sealed record SideFilePiece(
    long Offset, long Length, long SourceOffset, IReadOnlyList<(TensorProto Tensor, long Offset)> Tensors);
