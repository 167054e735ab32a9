using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace FlatLearning.Onnx.Cli.Tests.Support;

/// <summary>Writes what numpy.savez would for one float32 array.</summary>
internal static class NpzWriter
{
    private const int Alignment = 64;
    private const int Preamble = 10;

    /// <summary>Writes an array of rows x columns, row-major.</summary>
    public static void Write(string path, string name, int rows, int columns, float[] values)
    {
        using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create);
        using Stream stream = archive.CreateEntry($"{name}.npy", CompressionLevel.NoCompression).Open();
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}";
        int length = ((Preamble + header.Length + 1 + Alignment - 1) / Alignment * Alignment) - Preamble;
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"));
        stream.Write(MemoryMarshal.AsBytes<float>(values));
    }
}
