using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.TestData;
using FlatLearning.Onnx.Tests.Support;
using Google.Protobuf;

namespace FlatLearning.Onnx.Tests.TestData;

/// <summary>Folders of inputs and expected outputs as the ONNX model zoo ships them.</summary>
public sealed class TestDataSetTests
{
    private static readonly TensorReader Reader = new(null);

    [Fact]
    public void ReadAll_SeveralSets_AreOrderedByNumberNotByText()
    {
        using TemporaryFolder folder = new();
        foreach (int set in (int[])[10, 2])
        {
            foreach (int number in (int[])[0, 1, 10, 2])
            {
                Write(folder[$"test_data_set_{set}/input_{number}.pb"], (set * 100) + number);
            }

            Write(folder[$"test_data_set_{set}/output_0.pb"], -set);
        }

        Directory.CreateDirectory(folder["test_data_set_3"]);
        IReadOnlyList<TestDataSet> sets = TestDataSet.ReadAll(folder.Path);

        Assert.Equal(
            [200f, 201, 202, 210, 1000, 1001, 1002, 1010],
            sets.SelectMany(set => set.Inputs).Select(input => Reader.ReadSingles(input)[0]));
        Assert.Equal([-2f, -10], sets.Select(set => Reader.ReadSingles(Assert.Single(set.Outputs))[0]));
    }

    [Fact]
    public void ReadAll_TheSetItself_IsTheOneSet()
    {
        using TemporaryFolder folder = new();
        Write(folder["input_0.pb"], 7);
        TestDataSet set = Assert.Single(TestDataSet.ReadAll(folder.Path));

        Assert.Equal("v", set.Inputs[0].Name);
        Assert.Empty(set.Outputs);
    }

    [Fact]
    public void ReadAll_MissingEmptyOrDamaged_IsRefused()
    {
        using TemporaryFolder folder = new();
        Sentences.AssertOne(Assert.Throws<OnnxModelException>(() => TestDataSet.ReadAll(folder["none"])), "FLAT0408");
        Sentences.AssertOne(Assert.Throws<OnnxModelException>(() => TestDataSet.ReadAll(folder.Path)), "FLAT0407");

        byte[] good = TensorWriter.Float32("v", [2], [1f, 2]).ToByteArray();
        for (int length = 0; length < good.Length; length++)
        {
            File.WriteAllBytes(folder["input_0.pb"], good[..length]);
            Sentences.AssertOne(
                Assert.Throws<OnnxModelException>(() => TestDataSet.ReadAll(folder.Path)), "FLAT0409", "input_0.pb");
        }
    }

    private static void Write(string path, float value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, TensorWriter.Float32("v", [1], [value]).ToByteArray());
    }
}
