using FlatLearning.Dyn.Operators;

namespace FlatLearning.Onnx.Portable.Terms;

/// <summary>What the terms of one function are written with.</summary>
/// <param name="Ops">Writes nodes.</param>
/// <param name="Bytes">Tables over bytes that terms share.</param>
/// <param name="FixedShape">[K, N] where the body cannot find it out, else null.</param>
internal sealed record BodyContext(OpBuilder Ops, ByteTables Bytes, MatrixShape? FixedShape)
{
    /// <summary>[K, N] as a value: where it is not known now, the call's attribute <c>shape</c>.</summary>
    public string Shape() => FixedShape is { } known
        ? Ops.Int64(known.Rows, known.Columns)
        : Ops.AttributeValue(WeightSchema.Shape.Name);
}
