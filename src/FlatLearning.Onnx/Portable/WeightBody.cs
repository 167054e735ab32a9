using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Portable.Terms;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Portable;

/// <summary>
/// Decodes the whole weight: W = row_scale · column_scale · (sum of scaled terms) + (sum of the others), float32 [K,
/// N].
/// </summary>
internal sealed class WeightBody(OpBuilder ops, DynStructure structure)
{
    private readonly BodyContext _context = new(ops, new ByteTables(ops), structure.FixedShape);

    /// <summary>The transposed weight, [N, K].</summary>
    public string DecodeTransposed() => ops.Transpose(Decode(), 1, 0);

    /// <summary>The weight.</summary>
    public string Decode()
    {
        string? weight = null;
        string[] scaled = [.. structure.Terms.Where(term => term.IsScaled).Select(Decode)];
        if (scaled.Length > 0)
        {
            weight = ops.Sum(scaled);
            if (structure.RowScale != ScaleForm.None)
            {
                string rowScale = Scale(WeightInput.RowScale, structure.RowScale);
                weight = ops.Mul(weight, ops.Reshape(rowScale, -1, 1));
            }

            weight = structure.ColumnScale == ScaleForm.None
                ? weight
                : ops.Mul(weight, Scale(WeightInput.ColumnScale, structure.ColumnScale));
        }

        foreach (TermBody term in structure.Terms.Where(term => !term.IsScaled))
        {
            weight = weight is null ? Decode(term) : ops.Add(weight, Decode(term));
        }

        return weight!;
    }

    private string Decode(TermBody term) => term.IsPadded ? Crop(term.Decode(_context)) : term.Decode(_context);

    /// <summary>A scale in float32; a byte c of logarithm is 2^((c - 128) / 16), and 0 where c is 0.</summary>
    private string Scale(WeightInput input, ScaleForm form)
    {
        string stored = ops.Cast(input.Name(), DataType.Float);
        if (form != ScaleForm.Logarithm)
        {
            return stored;
        }

        string power = ops.Exp(
            ops.Mul(
                ops.Sub(stored, ops.Scalar(LogScale.One)), ops.Scalar((float)(Math.Log(2) / LogScale.StepsOfOctave))));
        return ops.Mul(power, ops.Clip(stored, 0, 1));
    }

    /// <summary>
    /// Leaves [K, N] of a matrix that was decoded with its padding. The size is the call's attribute <c>shape</c>;
    /// operator sets 10 and 11 have no operator that hands on an attribute of integers, so there it comes from the
    /// shapes of codes and column_scale.
    /// </summary>
    private string Crop(string matrix)
    {
        if (ops.Opset is not (10 or 11))
        {
            return ops.CropToAttribute(matrix, WeightSchema.Shape.Name);
        }

        if (structure.FixedShape is { } shape)
        {
            return ops.Crop(matrix, ops.Int64(shape.Rows, shape.Columns));
        }

        string rows = ops.Slice(ops.Shape(WeightInput.Codes.Name()), 0, 1, 2);
        return ops.Crop(matrix, ops.Concat(0, [rows, ops.Shape(WeightInput.ColumnScale.Name())]));
    }
}
