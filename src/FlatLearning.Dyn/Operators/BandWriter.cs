using System.Buffers.Binary;
using FlatLearning.Dyn.Layout;

namespace FlatLearning.Dyn.Operators;

/// <summary>Writes banded codes into the inputs of a node: the inverse of <see cref="BandReader"/>.</summary>
internal static class BandWriter
{
    /// <summary>Adds codes, codebook and bands.</summary>
    public static void Write(SortedDictionary<DynInput, ConstantTensor> inputs, BandedCodes codes)
    {
        byte[] blob = new byte[codes.ByteLength];
        List<float> tables = [];
        int at = 0;
        foreach (CodeBand band in codes.Bands)
        {
            band.Codes?.Bytes.Span.CopyTo(blob.AsSpan(at));
            at += band.Codes?.Bytes.Length ?? 0;
            tables.AddRange(band.Codebook.Table.Values);
        }

        inputs.Add(DynInput.Codes, new ConstantTensor(ConstantTensor.UInt8, [blob.Length], blob));
        DynWeightWriter.Add(
            inputs,
            DynInput.Codebook,
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

        inputs.Add(
            DynInput.Bands,
            new ConstantTensor(
                isShort ? ConstantTensor.UInt16 : ConstantTensor.Int32, [codes.Groups + 1, codes.Bands.Count], starts));
    }
}
