using System.Globalization;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Benchmarks.Plans;

/// <summary>
/// <c>plan-large [--layers L] [--size N] [--bits B] [--effort E] [--threads T]</c>: time and peak memory of converting
/// a generated chain of L products with N x N Gaussian weights, kept in an external file (by default 100 of 1,000 x
/// 1,000: a hundred million weights), for a number of bits.
/// </summary>
internal static class PlanLargeCommand
{
    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        (int layers, int size) = (options.Number("--layers", 100), options.Number("--size", 1000));
        double bits = double.Parse(options.Text("--bits", "3.5"), System.Globalization.CultureInfo.InvariantCulture);
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("flat-large-");
        try
        {
            string path = Path.Combine(scratch.FullName, "large.onnx");
            Write(path, layers, size);
            ConvertOptions convert = new()
            {
                Target = new PlanTarget(TargetKind.Bits, bits),
                Search = new PlanRequest
                {
                    Effort =
                        Enum.Parse<FitEffort>(options.Text("--effort", nameof(FitEffort.Default)), ignoreCase: true),
                },
                Threads = options.Number("--threads", Environment.ProcessorCount),
            };
            (ConversionReport report, _) = ConversionJob.Run(
                path, Path.Combine(scratch.FullName, "large.flat.onnx"), convert, ConversionTarget.New);
            Console.WriteLine(
                "| weights | threads | effort | original | converted | bits/weight | predicted error | error | "
                    + "minutes | peak memory |\n|---|---|---|---|---|---|---|---|---|---|");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {(long)layers * size * size} | {convert.Threads} | {convert.Search.Effort} | "
                    + $"{report.InputBytes / 1e6:0.0} MB | {report.OutputBytes / 1e6:0.0} MB | "
                    + $"{report.BitsPerWeight:0.000} | {report.Target!.PredictedError:0.00000} | "
                    + $"{report.Target.Error:0.00000} | {report.Seconds / 60:0.0} | "
                    + $"{report.PeakMemoryBytes / 1e6:0} MB |"));
        }
        finally
        {
            scratch.Delete(recursive: true);
        }

        return 0;
    }

    private static void Write(string path, int layers, int size)
    {
        ModelProto model = new() { IrVersion = 8, Graph = new GraphProto { Name = "large" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        model.Graph.Input.Add(Value("x0", size));
        using FileStream data = File.Create(path + ".data");
        for (int i = 0; i < layers; i++)
        {
            model.Graph.Initializer.Add(External(data, $"w{i}", size, TableTrainer.Gaussian(size * size, i)));
            NodeProto node = new() { OpType = MatMulOperator.Type, Name = $"product{i}" };
            node.Input.Add([$"x{i}", $"w{i}"]);
            node.Output.Add($"x{i + 1}");
            model.Graph.Node.Add(node);
        }

        model.Graph.Output.Add(Value($"x{layers}", size));
        File.WriteAllBytes(path, Google.Protobuf.MessageExtensions.ToByteArray(model));
    }

    /// <summary>
    /// Appends a weight to the external file, so that no more than one is ever in memory: the peak is to be that of the
    /// conversion.
    /// </summary>
    private static TensorProto External(FileStream data, string name, int size, float[] values)
    {
        ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values);
        TensorProto tensor = new() { Name = name, DataType = (int)TensorProto.Types.DataType.Float,
            DataLocation = TensorProto.Types.DataLocation.External };
        tensor.Dims.Add([size, size]);
        foreach ((string key, string value) in new[]
        {
            ("location", Path.GetFileName(data.Name)),
            ("offset", data.Position.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("length", bytes.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        })
        {
            tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        }

        data.Write(bytes);
        return tensor;
    }

    private static ValueInfoProto Value(string name, int size)
    {
        TensorShapeProto shape = new();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = 1 });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new ValueInfoProto { Name = name,
            Type = new TypeProto {
                TensorType =
                    new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } } };
    }
}
