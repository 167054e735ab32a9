using System.Buffers.Binary;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.Dyn.Terms;

/// <summary>Writes <see cref="MixedCodes"/> into a node: the inverse of <see cref="MixedCodesReader"/>.</summary>
internal static class MixedCodesWriter
{
    /// <summary>Adds the attributes, codes, codebook and bands.</summary>
    public static void Write(WeightNodeWriter node, BandedCodes codes)
    {
        node.Add(MixedCodes.GroupWidthAttribute, codes.GroupWidth);
        node.Add(MixedCodes.BandBitsAttribute, codes.Bands.Select(band => (long)band.Codebook.Bits));
        node.Add(MixedCodes.BandTapsAttribute, codes.Bands.Select(band => (long)band.Codebook.Taps));
        byte[] blob = new byte[codes.ByteLength];
        List<float> tables = [];
        int at = 0;
        foreach (CodeBand band in codes.Bands)
        {
            band.Codes?.Bytes.Span.CopyTo(blob.AsSpan(at));
            at += band.Codes?.Bytes.Length ?? 0;
            tables.AddRange(band.Codebook.Table.Values);
        }

        node.Add(WeightInput.Codes, blob);
        node.Add(
            WeightInput.Codebook,
            new ParameterTensor(
                [.. tables], [tables.Count], codes.TablesAreHalf ? ParameterType.Float16 : ParameterType.Float32));
        bool isShort = codes.StartBytes == sizeof(ushort);
        byte[] starts = new byte[codes.Starts.Length * codes.StartBytes];
        for (int i = 0; i < codes.Starts.Length; i++)
        {
            if (isShort)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(starts.AsSpan(i * sizeof(ushort)), (ushort)codes.Starts[i]);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(starts.AsSpan(i * sizeof(int)), codes.Starts[i]);
            }
        }

        node.Add(
            WeightInput.Bands,
            new ConstantTensor(
                isShort ? TensorType.UInt16 : TensorType.Int32, [codes.Groups + 1, codes.Bands.Count], starts));
    }
}
