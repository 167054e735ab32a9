using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Inspection;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Conversion;
using FlatLearning.Onnx.Tests.Portable;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Onnx.Validation;
using Google.Protobuf;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Restoring;

public sealed class ModelRestorerTests
{
    /// <summary>
    /// Relative L2 between the fast decoder in float32 and the reference decoder in float64. A sum of distances of
    /// which most cancels against beta (a metric that imitates products) loses a digit; no fit is within three digits
    /// of this.
    /// </summary>
    private const double DecoderTolerance = 1e-5;

    [Theory]
    [InlineData(7)]
    [InlineData(13)]
    [InlineData(21)]
    public void Restore_ConvertedModel_LeavesNoTrace(int opset)
    {
        ModelBuilder builder = Model(opset);
        builder.Domains.Add("org.example");
        OnnxModel converted = ConversionCheck.Convert(builder, 2).Model;

        OnnxModel restored = ModelRestorer.Restore(converted);

        ModelValidator.Check(restored);
        string text = System.Text.Encoding.Latin1.GetString(restored.Proto.ToByteArray());
        Assert.DoesNotContain("flatlearning", text, StringComparison.Ordinal);
        Assert.DoesNotContain("flat_onnx", text, StringComparison.Ordinal);
        Assert.DoesNotContain("DynMatMul", text, StringComparison.Ordinal);
        Assert.Empty(restored.Proto.Functions);
        Assert.Equal(
            [$":{opset}", "org.example:1"],
            restored.Proto.OpsetImport.Select(import => $"{import.Domain}:{import.Version}"));
        Assert.DoesNotContain(restored.Proto.Graph.Initializer, tensor => tensor.DataType == (int)DataType.Uint8);
        Assert.Equal(
            builder.Graph.Input.Concat(builder.Graph.Output),
            restored.Proto.Graph.Input.Concat(restored.Proto.Graph.Output));
    }

    [Theory]
    [InlineData(TestPlans.Codes)]
    [InlineData(MetricKinds.Riem)]
    [InlineData(MetricKinds.DynL1)]
    [InlineData(MetricKinds.DynL2)]
    [InlineData(MetricKinds.DynInverseL2)]
    public void Restore_EveryMethod_HasTheDecodersWeights(string method)
    {
        WeightPlan plan = TestPlans.Of(method, bits: 3, stateDim: 8, seconds: 0.1);
        OnnxModel converted = ConversionCheck.Convert(Model(13), 2, ConversionCheck.Options with { Plan = plan }).Model;
        Dictionary<string, DynWeight> weights = DynNodes.Find(new GraphIndex(converted.Proto))
            .ToDictionary(item => item.Node.Output[0], item => DynNodes.Read(converted, item.Scope, item.Node));

        OnnxModel restored = ModelRestorer.Restore(converted);

        NodeProto[] products = [.. restored.Proto.Graph.Node.Where(node => node.OpType == "MatMul")];
        Assert.Equal(2, products.Length);
        foreach (NodeProto product in products)
        {
            DynWeight weight =
                weights.Single(pair => product.Output[0].StartsWith(pair.Key, StringComparison.Ordinal)).Value;
            TensorProto dense = restored.Proto.Graph.Initializer.Single(tensor => tensor.Name == product.Input[1]);
            Assert.Equal([weight.Rows, weight.Columns], dense.Dims);
            double error =
                PortableCheck.RelativeError(restored.Tensors.ReadDoubles(dense), ReferenceDecoder.Decode(weight));
            Assert.True(error < DecoderTolerance, $"relative L2 {error}");
        }
    }

    [Fact]
    public void Restore_SharedWeight_IsStoredOnce()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, 56).Weight("W", DataType.Float, 56, 56)
            .Node("MatMul", ["x", "W"], "a").Node("MatMul", ["a", "W"], "y").Output("y");

        OnnxModel restored = ModelRestorer.Restore(ConversionCheck.Convert(builder, 1).Model);

        Assert.Equal("W", Assert.Single(restored.Proto.Graph.Initializer).Name);
    }

    [Fact]
    public void Restore_Model_CanBeConvertedAgain()
    {
        OnnxModel restored = ModelRestorer.Restore(ConversionCheck.Convert(Model(17), 2).Model);

        ConvertedModel again = ModelConverter.Convert(restored, ConversionCheck.Options);

        Assert.Equal(2, again.Weights.Count(weight => weight.SkippedReason is null));
    }

    [Fact]
    public void Restore_Model_LeavesTheConvertedOneAsItWas()
    {
        OnnxModel converted = ConversionCheck.Convert(Model(17), 2).Model;
        ModelProto before = converted.Proto.Clone();

        ModelRestorer.Restore(converted);

        Assert.Equal(before, converted.Proto);
    }

    [Fact]
    public void Restore_PlainModel_IsRefused() =>
        Assert.StartsWith(
            "FLAT0506",
            Assert.Throws<UsageException>(() => ModelRestorer.Restore(Model(17).Model)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Restore_DamagedCodes_IsRefusedWithTheNode()
    {
        OnnxModel converted = ConversionCheck.Convert(Model(17), 2).Model;
        TensorProto codes = converted.Proto.Graph.Initializer.First(tensor => tensor.DataType == (int)DataType.Uint8);
        codes.Dims[0] -= 1;
        codes.RawData = ByteString.CopyFrom(codes.RawData.Span[..(int)codes.Dims.Aggregate((a, b) => a * b)]);

        OnnxModelException refused = Assert.Throws<OnnxModelException>(() => ModelRestorer.Restore(converted));

        Assert.StartsWith("FLAT0507", refused.Message, StringComparison.Ordinal);
        Assert.Contains("n_", refused.Message, StringComparison.Ordinal);
    }

    private static ModelBuilder Model(int opset) =>
        new ModelBuilder(opset).Input("x", DataType.Float, 3, 50).Weight("W", DataType.Float, 50, 57)
        .Weight("V", DataType.Float, 61, 57).Weight("b", DataType.Float, 61)
        .Node("MatMul", ["x", "W"], "a").Node("Gemm", ["a", "V", "b"], "y", TestModels.Int("transB", 1)).Output("y");
}
