using FlatLearning.Dyn;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Operators;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Portable;

/// <summary>Decodes the whole weight: W = row_scale · column_scale · (metric + code), float32 [K, N].</summary>
internal sealed class WeightBody(OpBuilder ops, DynStructure structure)
{
    private readonly ByteTables _bytes = new(ops);

    public string Decode()
    {
        List<string> terms = [];
        if (structure.Metric != MetricKinds.None)
        {
            string metric = structure.Metric switch
            {
                MetricKinds.Riem => new RiemBody(ops, structure, _bytes).Decode(),
                MetricKinds.DynL1 => new DynL1Body(ops, structure, _bytes).Decode(),
                _ => new DistanceBody(ops, structure, _bytes).Decode(),
            };
            terms.Add(structure.HasPaddedStates ? Crop(metric) : metric);
        }

        if (structure.Bits > 0)
        {
            string code = new CodeBody(ops, structure, _bytes, WeightInput.Codebook.Name()).Decode(WeightInput.Codes.Name());
            terms.Add(structure.HasPaddedCodes ? Crop(code) : code);
        }

        if (structure.Bands.Any)
        {
            terms.Add(new BandBody(ops, structure, _bytes).Decode());
        }

        if (terms.Count == 0)
        {
            return new SparseBody(ops, structure).Decode();
        }

        string weight = ops.Sum(terms);
        if (structure.HasRowScale)
        {
            weight = ops.Mul(weight, ops.Reshape(Scale(WeightInput.RowScale, structure.HasLogRowScale), -1, 1));
        }

        weight = structure.HasColumnScale
            ? ops.Mul(weight, Scale(WeightInput.ColumnScale, structure.HasLogColumnScale))
            : weight;
        return structure.HasSparse ? ops.Add(weight, new SparseBody(ops, structure).Decode()) : weight;
    }

    /// <summary>A scale in float32; a byte c of logarithm is 2^((c - 128) / 16), and 0 where c is 0.</summary>
    private string Scale(WeightInput input, bool isLogarithm)
    {
        string stored = ops.Cast(input.Name(), DataType.Float);
        if (!isLogarithm)
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
