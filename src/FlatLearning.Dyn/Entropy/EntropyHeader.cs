using System.Buffers.Binary;

namespace FlatLearning.Dyn.Entropy;

/// <summary>The fixed part of a stream: section "Entropy-coded codes" of <c>schemas/DynMatMul.md</c>.</summary>
/// <param name="Shape">Shape of the probabilities.</param>
/// <param name="Memory">Memory of the trellis.</param>
/// <param name="Vectors">Lanes of the coder in units of eight.</param>
/// <param name="Lags">Lags of the prediction.</param>
/// <param name="Step">The weight's step.</param>
/// <param name="SliceColumns">Columns of a slice, a multiple of 8; the last slice has what is left.</param>
/// <param name="SideBytes">Bytes of the coded fields.</param>
internal readonly record struct EntropyHeader(
    int Shape, int Memory, int Vectors, int Lags, float Step, int SliceColumns, int SideBytes)
{
    public const int Version = 1;
    public const int Length = 16;
    public const int MaxVectors = 4;
    public const int LanesPerVector = 8;

    /// <summary>Lanes of the coder.</summary>
    public int Lanes => Vectors * LanesPerVector;

    /// <summary>Reads and checks.</summary>
    /// <exception cref="DynFormatException">A value is out of range.</exception>
    public static EntropyHeader Read(ReadOnlySpan<byte> bytes)
    {
        Require(
            bytes.Length >= Length, $"the entropy-coded stream has {bytes.Length} bytes, expected at least {Length}");
        Require(bytes[0] == Version, $"the entropy-coded stream has version {bytes[0]}, expected {Version}");
        EntropyHeader header = new(
            bytes[1],
            bytes[2],
            bytes[3] & 15,
            bytes[3] >> 4,
            BinaryPrimitives.ReadSingleLittleEndian(bytes[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]));
        Require(
            header.Shape < EntropyModel.Shapes,
            $"the entropy-coded stream has shape {header.Shape}, expected 0 to {EntropyModel.Shapes - 1}");
        Require(
            header.Memory is >= LevelTrellis.MinMemory and <= LevelTrellis.MaxMemory,
            $"the entropy-coded stream has a trellis memory of {header.Memory}, expected {LevelTrellis.MinMemory} "
                + $"to {LevelTrellis.MaxMemory}");
        Require(
            header.Vectors is >= 1 and <= MaxVectors,
            $"the entropy-coded stream has {header.Vectors} vectors of lanes, expected 1 to {MaxVectors}");
        Require(
            header.Lags <= RowPrediction.MaxLags,
            $"the entropy-coded stream predicts from {header.Lags} rows, expected 0 to {RowPrediction.MaxLags}");
        Require(
            float.IsFinite(header.Step) && header.Step > 0,
            $"the entropy-coded stream has the step {header.Step}, expected a positive number");
        Require(
            header.SliceColumns > 0 && header.SliceColumns % LanesPerVector == 0,
            $"the entropy-coded stream has slices of {header.SliceColumns} columns, expected a multiple of "
                + $"{LanesPerVector}");
        Require(
            header.SideBytes >= 0 && header.SideBytes <= bytes.Length - Length,
            $"the entropy-coded stream has {header.SideBytes} bytes of scale fields, but {bytes.Length} in all");
        return header;
    }

    /// <summary>Writes <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        (bytes[0], bytes[1], bytes[2], bytes[3]) = (Version, (byte)Shape, (byte)Memory, (byte)(Vectors | (Lags << 4)));
        BinaryPrimitives.WriteSingleLittleEndian(bytes[4..], Step);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], SliceColumns);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], SideBytes);
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new DynFormatException(message);
        }
    }
}
