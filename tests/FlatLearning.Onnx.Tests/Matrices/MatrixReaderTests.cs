using System.IO.Compression;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Matrices;
using FlatLearning.Onnx.Numpy;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Matrices;

public sealed class MatrixReaderTests : IDisposable
{
    /// <summary>numpy.save of a float64 array [[0, 0.25, 0.5], [0.75, 1, 1.25]] in Fortran order, in base64.</summary>
    private const string Fortran =
        "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAgICAgIC"
            + "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAOg/AAAAAAAA0D8AAA"
            + "AAAADwPwAAAAAAAOA/AAAAAAAA9D8=";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_NpyInFortranOrder_IsRowMajor()
    {
        File.WriteAllBytes(_folder["m.npy"], Convert.FromBase64String(Fortran));
        DenseMatrix matrix = MatrixReader.Read(MatrixLocation.Parse(_folder["m.npy"]));
        Assert.Equal(("float64", 2, 3), (matrix.Type, matrix.Rows, matrix.Columns));
        Assert.Equal([0, 0.25f, 0.5f, 0.75f, 1, 1.25f], matrix.Values.ToArray());
    }

    [Fact]
    public void Read_Transposed_SwapsRowsAndColumns()
    {
        File.WriteAllBytes(_folder["m.npy"], Convert.FromBase64String(Fortran));
        DenseMatrix matrix = MatrixReader.Read(MatrixLocation.Parse(_folder["m.npy"]), MatrixOrientation.Transposed);
        Assert.Equal((3, 2), (matrix.Rows, matrix.Columns));
        Assert.Equal([0, 0.75f, 0.25f, 1, 0.5f, 1.25f], matrix.Values.ToArray());
        Assert.Equal([2, 3], matrix.StoredDims);
    }

    [Theory]
    [InlineData(DataType.Float)]
    [InlineData(DataType.Float16)]
    [InlineData(DataType.Bfloat16)]
    [InlineData(DataType.Double)]
    public void Read_InitializerOfAnyFloatType_HasItsValues(DataType type)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 1, 3)
            .Weight("a::b/W:0", type, 3, 5)
            .Output("y");
        builder.Node("MatMul", ["x", "a::b/W:0"], "y");
        TensorProto tensor = builder.Graph.Initializer[0];
        File.WriteAllBytes(_folder["m.onnx"], TestModels.Bytes(builder.Proto));
        DenseMatrix matrix = MatrixReader.Read(MatrixLocation.Parse(_folder["m.onnx"] + "::a::b/W:0"));
        Assert.Equal((3, 5), (matrix.Rows, matrix.Columns));
        Assert.Equal(builder.Model.Tensors.ReadSingles(tensor), matrix.Values.ToArray());
        Assert.Equal(ElementTypes.NameOf(type), matrix.Type);
    }

    [Fact]
    public void Read_ConstantNodeAndConvolution_AreFound()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 1, 3, 8, 8)
            .Weight("K", DataType.Float, 4, 3, 2, 2)
            .Output("y");
        builder.Node(
            "Constant",
            [],
            "C",
            new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor,
                T = TensorWriter.Float32("t", [2, 2], [1, 2, 3, 4]) });
        builder.Node("Conv", ["x", "K"], "y");
        File.WriteAllBytes(_folder["m.onnx"], TestModels.Bytes(builder.Proto));
        Assert.Equal([1, 2, 3, 4], MatrixReader.Read(MatrixLocation.Parse(_folder["m.onnx"] + "::C")).Values.ToArray());
        DenseMatrix kernel = MatrixReader.Read(MatrixLocation.Parse(_folder["m.onnx"] + "::K"));
        Assert.Equal((4, 12), (kernel.Rows, kernel.Columns));
        Assert.Equal([4, 3, 2, 2], kernel.StoredDims);
    }

    [Fact]
    public void Read_ExternalData_IsReadFromBesideTheModel()
    {
        float[] values = [.. Enumerable.Range(0, 12).Select(i => (float)i)];
        ModelProto model = TestModels.Linear(4, 3, i => 0);
        TensorProto tensor = model.Graph.Initializer[0];
        tensor.ClearRawData();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "side.bin" });
        File.WriteAllBytes(_folder["side.bin"], [.. values.SelectMany(BitConverter.GetBytes)]);
        File.WriteAllBytes(_folder["m.onnx"], TestModels.Bytes(model));
        Assert.Equal(values, MatrixReader.Read(MatrixLocation.Parse(_folder["m.onnx"] + "::W")).Values.ToArray());
    }

    [Fact]
    public void Read_ModelWithoutName_ListsItsMatricesTheLargestFirst()
    {
        ModelBuilder builder = new ModelBuilder().Weight("small", DataType.Float, 2, 2)
            .Weight("large", DataType.Float16, 9, 4)
            .Weight("vector", DataType.Float, 7)
            .Integers("ints", 1, 2);
        File.WriteAllBytes(_folder["m.onnx"], TestModels.Bytes(builder.Proto));
        UsageException none =
            Assert.Throws<UsageException>(() => MatrixReader.Read(MatrixLocation.Parse(_folder["m.onnx"])));
        Sentences.AssertOne(none, "2 matrices", "large [9,4], small [2,2]");
        Assert.DoesNotContain("vector", none.Message, StringComparison.Ordinal);
        UsageException wrong =
            Assert.Throws<UsageException>(() => MatrixReader.Read(MatrixLocation.Parse(_folder["m.onnx"] + "::other")));
        Sentences.AssertOne(wrong, "'other'", "large [9,4], small [2,2]");
        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(
                () => MatrixReader.Read(MatrixLocation.Parse(_folder["m.onnx"] + "::vector"))),
            "[7]",
            "reshape");
        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(
                () => MatrixReader.Read(MatrixLocation.Parse(_folder["m.onnx"] + "::ints"))),
            "int64");
    }

    [Fact]
    public void Read_Archive_NeedsANameUnlessThereIsOneArray()
    {
        NpyFile.Write(_folder["m.npy"], Array([2, 3]));
        using (ZipArchive one = ZipFile.Open(_folder["one.npz"], ZipArchiveMode.Create))
        {
            one.CreateEntryFromFile(_folder["m.npy"], "a.npy");
        }

        using (ZipArchive two = ZipFile.Open(_folder["two.npz"], ZipArchiveMode.Create))
        {
            two.CreateEntryFromFile(_folder["m.npy"], "a.npy");
            two.CreateEntryFromFile(_folder["m.npy"], "b.npy");
        }

        Assert.EndsWith(
            "one.npz::a", MatrixReader.Read(MatrixLocation.Parse(_folder["one.npz"])).Source, StringComparison.Ordinal);
        Assert.Equal(6, MatrixReader.Read(MatrixLocation.Parse(_folder["two.npz"] + "::b")).Values.Length);
        Sentences.AssertOne(
            Assert.Throws<UsageException>(() => MatrixReader.Read(MatrixLocation.Parse(_folder["two.npz"]))),
            "2 arrays",
            "a [2,3], b [2,3]");
        Sentences.AssertOne(
            Assert.Throws<UsageException>(() => MatrixReader.Read(MatrixLocation.Parse(_folder["two.npz"] + "::c"))),
            "'c'",
            "a [2,3]");
    }

    [Theory]
    [InlineData(new long[] { 6 }, "[6]")]
    [InlineData(new long[] { }, "[]")]
    [InlineData(new long[] { 0, 4 }, "[0,4]")]
    public void Read_NoMatrix_IsRefusedWithItsShape(long[] dims, string shape)
    {
        NpyFile.Write(_folder["m.npy"], Array(dims));
        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(() => MatrixReader.Read(MatrixLocation.Parse(_folder["m.npy"]))), shape);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    [InlineData(1e300, "Infinity")]
    public void Read_NotFinite_SaysWhere(double value, string named)
    {
        byte[] data = [.. ((double[])[1, 2, 3, 4, value, 6]).SelectMany(BitConverter.GetBytes)];
        NpyFile.Write(_folder["m.npy"], new NpyArray(DataType.Double, [2, 3], data));
        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(() => MatrixReader.Read(MatrixLocation.Parse(_folder["m.npy"]))),
            named,
            "row 1, column 1");
    }

    [Fact]
    public void Read_FilesThatAreNone_AreRefused()
    {
        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(() => MatrixReader.Read(MatrixLocation.Parse(_folder["none.npy"]))),
            "does not exist");
        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(() => MatrixReader.Read(MatrixLocation.Parse(_folder["none.onnx"]))),
            "does not exist");
        NpyFile.Write(_folder["m.npy"], Array([2, 3]));
        Sentences.AssertOne(
            Assert.Throws<UsageException>(() => MatrixReader.Read(new MatrixLocation(_folder["m.npy"], "a"))), "::");
        NpyFile.Write(_folder["i.npy"], new NpyArray(DataType.Int8, [2, 2], new byte[4]));
        Sentences.AssertOne(
            Assert.Throws<OnnxModelException>(() => MatrixReader.Read(MatrixLocation.Parse(_folder["i.npy"]))), "int8");
    }

    private static NpyArray Array(long[] dims)
    {
        long count = dims.Aggregate(1L, (product, dim) => product * dim);
        return new NpyArray(
            DataType.Float,
            dims,
            [.. Enumerable.Range(0, (int)count).SelectMany(i => BitConverter.GetBytes((float)i))]);
    }
}
