using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Quantised;

/// <summary>
/// Codes of 8 bits with one scale and zero point, or one for every slice of the first or the last axis.
/// </summary>
internal static class ScaledCodes
{
    /// <summary>(codes - zero) · scale in float32; null where something is no constant or does not fit.</summary>
    /// <param name="context">The node.</param>
    /// <param name="codesInput">The input of the codes.</param>
    /// <param name="scaleName">Name of the scales.</param>
    /// <param name="zeroName">Name of the zero points; empty for zeros.</param>
    /// <param name="alongFirst">Whether slices are of the first axis.</param>
    public static DenseTensor? Read(
        SourceContext context, int codesInput, string scaleName, string zeroName, bool alongFirst)
    {
        DenseTensor? codes = context.Read(codesInput), scales = context.Read(scaleName);
        DenseTensor? zeros = zeroName.Length == 0 ? null : context.Read(zeroName);
        if (codes is null || scales is null || (zeros is null && zeroName.Length > 0) || codes.Dims.Length < 2
            || codes.Count == 0)
        {
            return null;
        }

        int slices = (int)(alongFirst ? codes.Dims[0] : codes.Dims[^1]);
        int inner = alongFirst ? codes.Count / slices : 1;
        if (!Fits(scales, slices) || (zeros is not null && !Fits(zeros, slices)))
        {
            return null;
        }

        float[] weight = new float[codes.Count];
        for (int i = 0; i < weight.Length; i++)
        {
            int slice = i / inner % slices;
            double zero = zeros is null ? 0 : zeros[zeros.Count == 1 ? 0 : slice];
            weight[i] = (float)(codes[i] - zero) * (float)scales[scales.Count == 1 ? 0 : slice];
        }

        return new DenseTensor(DataType.Float, codes.Dims, weight);
    }

    // One number, or one for every slice, whatever dimensions of one stand around them.
    private static bool Fits(DenseTensor values, int slices) => values.Count == 1 || values.Count == slices;
}
