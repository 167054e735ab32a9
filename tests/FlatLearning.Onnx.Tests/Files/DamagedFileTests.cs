using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Tests.Files;

/// <summary>
/// Thousands of damaged files through everything that reads models: each either is a sound model all the same or ends
/// in one sentence, in bounded time and memory, and leaves nothing behind.
/// </summary>
public sealed class DamagedFileTests
{
    [Fact]
    public void Exercise_GoodModel_HasNothingToSay()
    {
        using TemporaryFolder folder = Prepare();
        Assert.Null(Run(folder, TestModels.Bytes(GoodModels.Rich())));
    }

    [Fact]
    public void Exercise_EveryTruncationOfASmallModel_IsRefused()
    {
        // Its last top-level field is the operator set, without which no prefix is a model.
        byte[] good = TestModels.Bytes(TestModels.Linear(4, 4, i => i));
        using TemporaryFolder folder = Prepare();
        int truncated = 0;
        for (int length = 0; length < good.Length; length++)
        {
            string? sentence = Run(folder, good[..length]);
            Assert.NotNull(sentence);
            truncated += sentence.StartsWith("FLAT0105", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.True(truncated > good.Length * 9 / 10, $"{truncated} of {good.Length} were called truncated");
    }

    [Fact]
    public void Exercise_TruncationsOfARichModel_NeverFailOtherwise()
    {
        byte[] good = TestModels.Bytes(GoodModels.Rich());
        using TemporaryFolder folder = Prepare();
        int refused = Enumerable.Range(1, 400).Count(i => Run(folder, good[..(good.Length * i / 401)]) is not null);
        Assert.True(refused > 380, $"{refused} refused");
    }

    [Fact]
    public void Exercise_FlippedBits_NeverFailOtherwise()
    {
        byte[] good = TestModels.Bytes(GoodModels.Rich());
        Random random = new(11);
        using TemporaryFolder folder = Prepare();
        int refused = 0;
        for (int round = 0; round < 3000; round++)
        {
            byte[] damaged = [.. good];
            for (int flips = 1 + (round % 3); flips > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            refused += Run(folder, damaged) is null ? 0 : 1;
        }

        Assert.InRange(refused, 1000, 2999);
    }

    [SharedTheory]
    [MemberData(nameof(SharedModels.Names), MemberType = typeof(SharedModels))]
    public void Exercise_DamagedRealModel_NeverFailsOtherwise(string name)
    {
        const int Rounds = 4;
        // Weights are most of a file and may hold anything, so the damage goes to the structure: the first and last
        // kilobytes.
        const int Reach = 4000;
        byte[] good = File.ReadAllBytes(SharedModels.PathOf(name));
        Random random = new(15);
        using TemporaryFolder folder = Prepare();
        for (int round = 0; round < Rounds; round++)
        {
            byte[] flipped = [.. good];
            int position = random.Next(Reach);
            flipped[round % 2 == 0 ? position : good.Length - 1 - position] ^= (byte)(1 << random.Next(8));
            Run(folder, flipped);
            Assert.NotNull(Run(folder, good[..random.Next(good.Length * 9 / 10)]));
        }
    }

    [Fact]
    public void Exercise_OverwrittenInsertedAndRemovedRuns_NeverFailOtherwise()
    {
        byte[] good = TestModels.Bytes(GoodModels.Rich());
        Random random = new(12);
        using TemporaryFolder folder = Prepare();
        int refused = 0;
        for (int round = 0; round < 1000; round++)
        {
            int start = random.Next(good.Length);
            int length = Math.Min(random.Next(1, 30), good.Length - start);
            byte[] noise = new byte[random.Next(0, 30)];
            if (round % 2 == 0)
            {
                random.NextBytes(noise);
            }
            else
            {
                Array.Fill(noise, (byte)0xff);
            }

            refused += Run(folder, [.. good[..start], .. noise, .. good[(start + length)..]]) is null ? 0 : 1;
        }

        Assert.InRange(refused, 500, 1000);
    }

    [Fact]
    public void Exercise_OtherKindsOfFile_AreNamed()
    {
        using TemporaryFolder folder = Prepare();
        (byte[] Bytes, string Named)[] files =
        [
            ([], "empty"),
            ("PK\u0003\u0004aaaaaaaaaaaaaaaaaa"u8.ToArray(), "zip archive"),
            ("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 7\n"u8.ToArray(), "Git LFS"),
            ("<!DOCTYPE html><html><body>404 – not found</body></html>"u8.ToArray(), "text file"),
            ("{ \"model\": [1, 2, 3] }\r\n"u8.ToArray(), "text file"),
            ([0x89, (byte)'H', (byte)'D', (byte)'F', 13, 10, 26, 10], "HDF5"),
            ([0x1f, 0x8b, 8, 0, 0, 0, 0, 0], "gzip"),
            ([0x93, .. "NUMPY"u8, 1, 0, 0], "NumPy"),
            ([0x1c, 0, 0, 0, .. "TFL3"u8, 0, 0, 0, 0], "TensorFlow Lite"),
            ([0x1c, 0, 0, 0, .. "ORTM"u8, 0, 0, 0, 0], "ORT format"),
            (new byte[1000], "not an ONNX model"),
            ([0x08, 0x08], "no graph"),
            ([0x3a, 0x00], "FLAT0301"),
        ];
        foreach ((byte[] bytes, string named) in files)
        {
            string? sentence = Run(folder, bytes);
            Assert.NotNull(sentence);
            Assert.Contains(named, sentence);
        }
    }

    [Fact]
    public void Exercise_RandomBytes_AreRefused()
    {
        Random random = new(13);
        using TemporaryFolder folder = Prepare();
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = new byte[random.Next(1, 2000)];
            random.NextBytes(bytes);
            Assert.NotNull(Run(folder, bytes));
        }
    }

    [Fact]
    public void Load_NoFileOrAFolder_IsRefused()
    {
        using TemporaryFolder folder = new();
        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(() => OnnxModelFile.Load(folder["none.onnx"])), "FLAT0101", "none.onnx");
        Sentences.AssertOne(Assert.Throws<OnnxModelException>(() => OnnxModelFile.Load(folder.Path)), "FLAT0102");
    }

    [Fact]
    public void Load_FileOverTwoGigabytes_IsRefusedWithoutReadingIt()
    {
        using TemporaryFolder folder = new();
        using (FileStream sparse = File.Create(folder["big.onnx"]))
        {
            sparse.SetLength(int.MaxValue + 1L);
        }

        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(() => OnnxModelFile.Load(folder["big.onnx"])), "FLAT0104", "2147483648");
    }

    [Fact]
    public void Exercise_EveryElementTypeAndAbsurdShapes_NeverFailOtherwise()
    {
        using TemporaryFolder folder = Prepare();
        foreach (int type in Enumerable.Range(-2, 40).Append(int.MaxValue).Append(int.MinValue))
        {
            RunWithTensors(folder, tensor => tensor.DataType = type);
        }

        long[][] shapes =
        [
            [-1], [-4, -4], [0], [long.MaxValue], [long.MinValue], [1L << 31], [1L << 32, 1L << 32], [1L << 62, 2],
            [3, 1L << 61, 0],
            [.. Enumerable.Repeat(1L, 5000)], [.. Enumerable.Repeat(2L, 200)], [4], [5, 4], [1, 1, 1, 1],
        ];
        foreach (long[] shape in shapes)
        {
            RunWithTensors(folder, tensor =>
            {
                tensor.Dims.Clear();
                tensor.Dims.AddRange(shape);
            });
        }
    }

    [Fact]
    public void Exercise_ExternalDataGoneShortOrElsewhere_IsRefused()
    {
        using TemporaryFolder folder = Prepare();
        string[] locations = [
            "", "none.bin", "../w.bin", "/etc/hostname", "a/../../w.bin", "..\\w.bin", "C:\\w.bin", "w.bin\0", ".",
            "//w.bin", "~/w.bin"];
        foreach (string location in locations)
        {
            ModelProto model = GoodModels.Rich();
            External(model).ExternalData[0].Value = location;
            Assert.NotNull(Run(folder, TestModels.Bytes(model)));
        }

        foreach (string number in (string[])["-1", "4033", "99999999999999999999", "1e3", "0x40", " 64", "", "NaN"])
        {
            ModelProto model = GoodModels.Rich();
            External(model).ExternalData[1].Value = number;
            Assert.NotNull(Run(folder, TestModels.Bytes(model)));
        }

        File.WriteAllBytes(folder[GoodModels.SideFile], new byte[127]);
        Assert.NotNull(Run(folder, TestModels.Bytes(GoodModels.Rich())));
        File.Delete(folder[GoodModels.SideFile]);
        Assert.NotNull(Run(folder, TestModels.Bytes(GoodModels.Rich())));
    }

    [Fact]
    public void Exercise_NodesRewiredAtRandom_NeverFailOtherwise()
    {
        Random random = new(14);
        using TemporaryFolder folder = Prepare();
        int refused = 0;
        for (int round = 0; round < 300; round++)
        {
            ModelProto model = GoodModels.Rich();
            string[] names = [
                .. model.Graph.Node.SelectMany(node => node.Input.Concat(node.Output)).Append("").Append("unknown")];
            NodeProto node = model.Graph.Node[random.Next(model.Graph.Node.Count)];
            IList<string> list = node.Input.Count == 0 || random.Next(3) == 0 ? node.Output : node.Input;
            list[random.Next(list.Count)] = names[random.Next(names.Length)];
            refused += Run(folder, TestModels.Bytes(model)) is null ? 0 : 1;
        }

        Assert.InRange(refused, 50, 299);
    }

    private static TensorProto External(ModelProto model) =>
        model.Graph.Initializer.Single(tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External);

    private static void RunWithTensors(TemporaryFolder folder, Action<TensorProto> damage)
    {
        for (int i = 0; i < 4; i++)
        {
            ModelProto model = GoodModels.Rich();
            damage(model.Graph.Initializer[i]);
            Run(folder, TestModels.Bytes(model));
        }

        ModelProto inner = GoodModels.Rich();
        damage(inner.Graph.SparseInitializer[0].Values);
        Run(folder, TestModels.Bytes(inner));
        inner = GoodModels.Rich();
        damage(inner.Graph.SparseInitializer[0].Indices);
        Run(folder, TestModels.Bytes(inner));
    }

    private static TemporaryFolder Prepare()
    {
        TemporaryFolder folder = new();
        File.WriteAllBytes(folder[GoodModels.SideFile], new byte[GoodModels.SideFileBytes]);
        return folder;
    }

    /// <summary>Runs one file; where it is refused, nothing new may lie in the folder.</summary>
    private static string? Run(TemporaryFolder folder, byte[] bytes)
    {
        File.WriteAllBytes(folder["in.onnx"], bytes);
        string[] before = folder.Names;
        string? sentence = Exerciser.Run(folder["in.onnx"], folder["out.onnx"]);
        if (sentence is not null)
        {
            Assert.Equal(before, folder.Names);
        }

        File.Delete(folder["out.onnx"]);
        File.Delete(folder["out.onnx.data"]);
        return sentence;
    }
}
