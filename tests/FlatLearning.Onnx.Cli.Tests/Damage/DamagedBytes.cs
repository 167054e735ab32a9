using System.IO.Compression;
using System.Text;
using FlatLearning.Onnx.Cli.Tests.Support;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Cli.Tests.Damage;

/// <summary>Files whose bytes are wrong: cut short, flipped, overwritten, or of another kind.</summary>
internal static class DamagedBytes
{
    // Weights may hold anything, so damage goes to the structure at both ends of a file.
    private const int StructureBytes = 160;

    private static readonly string[] OwnModels = [
        "lenet5/lenet5.onnx", "char-transformer/char_transformer.onnx", "mask-denoiser/mask_denoiser.onnx"];

    /// <summary>Cut short.</summary>
    public static IEnumerable<DamagedFile> Truncated()
    {
        byte[] small = TestModels.Bytes(Networks.Small());
        for (int part = 0; part < 30; part++)
        {
            int length = small.Length * part / 30;
            yield return DamagedFile.Of($"small model cut at {length}", small[..length]);
        }

        for (int missing = 1; missing <= 10; missing++)
        {
            yield return DamagedFile.Of($"small model without its last {missing}", small[..^missing]);
        }

        foreach (string path in RealModels())
        {
            byte[] real = File.ReadAllBytes(path);
            foreach (double part in (double[])[0.001, 0.1, 0.5, 0.85])
            {
                int length = (int)(real.Length * part);
                yield return DamagedFile.Of($"{Path.GetFileName(path)} cut at {length}", real[..length]);
            }
        }
    }

    /// <summary>One to three bits flipped, or a run of bytes overwritten, in headers and lengths.</summary>
    public static IEnumerable<DamagedFile> Flipped()
    {
        byte[] small = TestModels.Bytes(Networks.Small());
        Random random = new(21);
        for (int round = 0; round < 70; round++)
        {
            byte[] damaged = [.. small];
            for (int flips = 1 + (round % 3); flips > 0; flips--)
            {
                damaged[Position(random, small.Length)] ^= (byte)(1 << random.Next(8));
            }

            yield return DamagedFile.Of($"small model, flips of round {round}", damaged, sound: true);
        }

        for (int round = 0; round < 30; round++)
        {
            byte[] damaged = [.. small];
            int start = Math.Min(Position(random, small.Length), small.Length - 12);
            random.NextBytes(damaged.AsSpan(start, random.Next(1, 12)));
            yield return DamagedFile.Of($"small model, run of round {round}", damaged, sound: true);
        }

        foreach (string path in RealModels())
        {
            byte[] real = File.ReadAllBytes(path);
            yield return DamagedFile.Of($"{Path.GetFileName(path)} with its first field zero", [0, .. real[1..]]);
        }
    }

    /// <summary>Anything but a model.</summary>
    public static IEnumerable<DamagedFile> OtherKinds()
    {
        Random random = new(22);
        for (int round = 0; round < 25; round++)
        {
            byte[] bytes = new byte[random.Next(1, 3000)];
            random.NextBytes(bytes);
            yield return DamagedFile.Of($"random bytes {round}", bytes);
        }

        yield return DamagedFile.Of("empty", Array.Empty<byte>());
        yield return DamagedFile.Of("one zero", new byte[1]);
        yield return DamagedFile.Of("zeros", new byte[10_000]);
        yield return DamagedFile.Of("ones", Enumerable.Repeat((byte)0xff, 10_000).ToArray());
        yield return DamagedFile.Of("text", "# a read-me file\n\nThis is no model.\n"u8.ToArray());
        yield return DamagedFile.Of(
            "text of two-byte characters", [0xff, 0xfe, .. Encoding.Unicode.GetBytes("no model")]);
        yield return DamagedFile.Of("json", "{ \"graph\": [] }"u8.ToArray());
        yield return DamagedFile.Of("web page", "<!DOCTYPE html><html><body>Not found</body></html>"u8.ToArray());
        yield return DamagedFile.Of(
            "pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 7\n"u8.ToArray());
        yield return DamagedFile.Of("gzip", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 1, 2, 3]);
        yield return DamagedFile.Of(
            "model written twice", [.. TestModels.Bytes(Networks.Small()), .. TestModels.Bytes(Networks.Small())]);
        yield return DamagedFile.Of(
            "model after a byte order mark", [0xef, 0xbb, 0xbf, .. TestModels.Bytes(Networks.Small())]);
        yield return new DamagedFile("folder", folder => Directory.CreateDirectory(folder[DamagedFile.FileName]));
        yield return new DamagedFile("nothing", _ => { });
        yield return new DamagedFile(
            "link to nothing", folder => File.CreateSymbolicLink(folder[DamagedFile.FileName], folder["none"]));
        yield return new DamagedFile(
            "link to itself",
            folder => File.CreateSymbolicLink(folder[DamagedFile.FileName], folder[DamagedFile.FileName]));
        yield return new DamagedFile(
            "npz", folder => NpzWriter.Write(folder[DamagedFile.FileName], "x", 2, 2, new float[4]));
        yield return new DamagedFile("zip with a model in it", WriteZip);
    }

    private static void WriteZip(TemporaryFolder folder)
    {
        using ZipArchive archive = ZipFile.Open(folder[DamagedFile.FileName], ZipArchiveMode.Create);
        using Stream stream = archive.CreateEntry("model.onnx").Open();
        stream.Write(TestModels.Bytes(Networks.Small()));
    }

    private static int Position(Random random, int length)
    {
        int position = random.Next(2 * StructureBytes);
        return position < StructureBytes ? position : length - 1 - (position - StructureBytes);
    }

    /// <summary>The models of this repository and, where they are present, the shared ones.</summary>
    private static IEnumerable<string> RealModels()
    {
        IEnumerable<string> shared = Repository.Shared is { } folder
            ? Directory.EnumerateFiles(Path.Combine(folder, "models"), "*.onnx").Order(StringComparer.Ordinal)
            : [];
        return OwnModels.Select(name => Path.Combine(Repository.Root, "models", name)).Concat(shared);
    }
}
