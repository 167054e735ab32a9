using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using Google.Protobuf;

namespace FlatLearning.Onnx.Cli.Tests.Damage;

/// <summary>Models with a tensor that cannot be: wrong type, shape, values, or data somewhere else.</summary>
internal static class DamagedTensors
{
    // float32, int32 and uint32 elements take the same bytes, so weights of those types are sound, if of no use.
    private static readonly int[] TypesOfFourBytes = [1, 6, 12];

    /// <summary>Element types that do not fit the bytes, or that there are not.</summary>
    public static IEnumerable<DamagedFile> Types()
    {
        foreach (int type in Enumerable.Range(-1, 30).Append(99).Append(int.MaxValue).Append(int.MinValue).Except([1]))
        {
            yield return DamagedFile.Of(
                $"weight of type {type}", Networks.Small(),
                model => model.Weight(Networks.FirstWeight).DataType = type, TypesOfFourBytes.Contains(type));
        }
    }

    /// <summary>Shapes that are negative, absurd, or of another number of elements.</summary>
    public static IEnumerable<DamagedFile> Shapes()
    {
        long[][] impossible =
        [
            [-1], [-64, -64], [64, -64], [0], [0, 64], [63, 64], [64, 65], [64], [64, 64, 2], [long.MaxValue],
            [long.MinValue], [1L << 31, 1L << 31], [1L << 32, 1L << 32],
            [
                1L << 62,
                4], [
                    1L << 52,
                    1 << 12], [3, 1L << 61, 0], [.. Enumerable.Repeat(2L, 200)], [.. Enumerable.Repeat(1L, 5000)],
        ];
        foreach (long[] shape in impossible)
        {
            yield return With(shape, sound: false);
        }

        // As many elements, but no operand of this product; the structure is sound, and the operator's rules are its
        // host's business.
        foreach (long[] shape in (long[][])[[4096], [1, 4096], [4096, 1], [16, 16, 16], [1, 1, 64, 64], [2, 2048]])
        {
            yield return With(shape, sound: true);
        }

        static DamagedFile With(long[] shape, bool sound) => DamagedFile.Of(
            $"weight of shape [{string.Join(',', shape.Take(5))}] and rank {shape.Length}",
            Networks.Small(),
            model =>
            {
                model.Weight(Networks.FirstWeight).Dims.Clear();
                model.Weight(Networks.FirstWeight).Dims.AddRange(shape);
            },
            sound);
    }

    /// <summary>Weights that are not finite, cut short, or stored in two ways at once.</summary>
    public static IEnumerable<DamagedFile> Values()
    {
        foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            foreach (int position in (int[])[0, 2000, (Networks.Width * Networks.Width) - 1])
            {
                yield return Weight($"{value} at element {position}", bytes =>
                {
                    BitConverter.TryWriteBytes(bytes.AsSpan(position * sizeof(float)), value);
                    return bytes;
                });
            }
        }

        yield return Weight("one byte short", bytes => bytes[..^1]);
        yield return Weight("one element short", bytes => bytes[..^4]);
        yield return Weight("one element long", bytes => [.. bytes, 0, 0, 0, 0]);
        yield return Weight("no bytes", _ => []);
        // Raw data counts, as in ONNX Runtime.
        yield return DamagedFile.Of(
            "raw and typed data",
            Networks.Small(),
            model => model.Weight(Networks.FirstWeight).FloatData.Add(1),
            sound: true);
        yield return DamagedFile.Of("typed data of another type", Networks.Small(), model =>
        {
            model.Weight(Networks.FirstWeight).ClearRawData();
            model.Weight(Networks.FirstWeight).Int32Data.AddRange(
                Enumerable.Repeat(1, Networks.Width * Networks.Width));
        });

        static DamagedFile Weight(string name, Func<byte[], byte[]> damage) =>
            DamagedFile.Of($"weight with {name}", Networks.Small(), model =>
        {
            TensorProto tensor = model.Weight(Networks.FirstWeight);
            tensor.RawData = ByteString.CopyFrom(damage(tensor.RawData.ToByteArray()));
        });
    }

    /// <summary>External data that is missing, short, elsewhere, or out of bounds.</summary>
    public static IEnumerable<DamagedFile> External()
    {
        string[] locations =
        [
            "", "none.bin", "../w.bin", "/etc/hostname", "sub/../../w.bin", "..\\w.bin", "C:\\w.bin", "w.bin\0", ".",
            "//w.bin", "~/w.bin", "sub", "link.bin", "linked/w.bin",
        ];
        foreach (string location in locations)
        {
            yield return At($"location '{location.Replace("\0", "\\0", StringComparison.Ordinal)}'", 0, location);
        }

        foreach (string offset in (string[])[
            "-1", "20000", "99999999999999999999", "9223372036854775807", "1e3", "0x40", " 64", "NaN"])
        {
            yield return At($"offset '{offset}'", 1, offset);
        }

        foreach (string length in (string[])["-1", "1", "16383", "16385", "99999999999999999999", "long"])
        {
            yield return At($"length '{length}'", 2, length);
        }

        yield return new DamagedFile(
            "external data one byte short", folder => Write(folder, _ => { }, side => side[..^1]));
        yield return new DamagedFile("external data empty", folder => Write(folder, _ => { }, _ => []));
        yield return new DamagedFile(
            "external data of NaN",
            folder => Write(folder, _ => { }, side => [.. Enumerable.Repeat((byte)0xff, side.Length)]));

        static DamagedFile At(string name, int entry, string value) => new(
            $"external data at {name}",
            folder => Write(folder, tensor => tensor.ExternalData[entry].Value = value, side => side));
    }

    private static void Write(TemporaryFolder folder, Action<TensorProto> damage, Func<byte[], byte[]> damageSide)
    {
        (ModelProto model, byte[] side) = Networks.WithExternalData();
        damage(model.Weight(Networks.FirstWeight));
        folder.Write(DamagedFile.FileName, model);
        File.WriteAllBytes(folder[GoodModels.SideFile], damageSide(side));
        Directory.CreateDirectory(folder["sub"]);
        File.CreateSymbolicLink(folder["link.bin"], "/etc/hostname");
        Directory.CreateSymbolicLink(folder["linked"], Path.GetTempPath());
    }
}
