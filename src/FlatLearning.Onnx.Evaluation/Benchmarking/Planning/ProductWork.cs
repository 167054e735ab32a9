namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>
/// What the products of a model with constant weights (MatMul, Gemm, DynMatMul, MatMulNBits) have to do in one run, by
/// formula.
/// </summary>
/// <param name="Products">How many there are in the main graph.</param>
/// <param name="WeightBytes">Bytes of their weights as they are read: each product reads its own once.</param>
/// <param name="Flops">2 · K · (elements of y), summed; null where the shapes are not known.</param>
internal sealed record ProductWork(int Products, long WeightBytes, double? Flops);
