using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tournament;
using FlatLearning.Onnx.Wire;
using Microsoft.ML.OnnxRuntime.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Evaluation.Divergences;

/// <summary>A model in ONNX Runtime whose weights are inputs.</summary>
internal sealed class LiveModel : ILiveModel
{
    /// <summary>Numbers of all values that are asked for, over all inputs: 256 MB in float32.</summary>
    private const long MaxNumbers = 1L << 26;

    private readonly ModelRunner _runner;
    private readonly HashSet<string> _given;
    private readonly OutputJudge _judge;
    private readonly OutputJudge _trial;
    private IReadOnlyList<ComparisonSample> _samples;
    private readonly Dictionary<int, (LivePart Part, OrtTensor Tensor)[]> _weights;

    private LiveModel(
        ModelRunner runner, OnnxModel plain, Dictionary<int, (LivePart, OrtTensor)[]> weights, OutputJudge judge,
        OutputJudge trial, IReadOnlyList<ComparisonSample> samples)
    {
        (_runner, _weights, _judge, _trial, _samples) = (runner, weights, judge, trial, samples);
        _given = [.. plain.Proto.Graph.Input.Select(input => input.Name)];
        Weights = weights.Keys.ToHashSet();
    }

    /// <inheritdoc/>
    public IReadOnlySet<int> Weights { get; }

    /// <summary>
    /// Loads a model; weights that are no floating-point initializers of the main graph are left out.
    /// </summary>
    public static LiveModel Open(
        OnnxModel plain, IReadOnlyDictionary<int, IReadOnlyList<LivePart>> weights,
        IReadOnlyCollection<string> probes, OutputJudge judge, OutputJudge trial,
        IReadOnlyList<ComparisonSample> samples)
    {
        OnnxModel live = plain.Clone();
        GraphProto graph = live.Proto.Graph;
        Dictionary<string, TensorProto> known = [];
        foreach (TensorProto tensor in graph.Initializer)
        {
            known.TryAdd(tensor.Name, tensor);
        }

        Dictionary<int, (LivePart, OrtTensor)[]> tensors = [];
        foreach ((int weight, IReadOnlyList<LivePart> parts) in weights)
        {
            TensorProto?[] found = [.. parts.Select(part => known.GetValueOrDefault(part.Name))];
            if (Array.TrueForAll(found, tensor => tensor is not null && TypeOf((DataType)tensor.DataType) is not null))
            {
                tensors.Add(weight, [.. parts.Zip(found, (part, tensor) => (part, Exchangeable(tensor!)))]);
            }
        }

        OrtTensor Exchangeable(TensorProto tensor)
        {
            graph.Initializer.Remove(tensor);
            foreach (ValueInfoProto input in graph.Input.Where(input => input.Name == tensor.Name).ToArray())
            {
                graph.Input.Remove(input);
            }

            graph.Input.Add(Declared(tensor));
            return OrtTensor.Allocate(TypeOf((DataType)tensor.DataType)!.Value, [.. tensor.Dims]);
        }

        HashSet<string> outputs = [.. graph.Output.Select(output => output.Name)];
        HashSet<string> inputs = [.. graph.Input.Select(input => input.Name)];
        ModelRunner runner = ProbedModel.Open(
            live, probes.Where(name => !outputs.Contains(name) && !inputs.Contains(name)), new RunnerOptions());
        LiveModel opened = new(runner, plain, tensors, judge, trial, samples);
        opened.TakeFewer(probes);
        return opened;
    }

    /// <inheritdoc/>
    public void Set(int weight, ReadOnlySpan<float> matrix)
    {
        foreach ((LivePart part, OrtTensor tensor) in _weights[weight])
        {
            ReadOnlySpan<float> values = matrix.Slice(part.Begin, (int)tensor.ElementCount);
            Fill(tensor, part.Places is { } places ? Placed(values, places) : values);
        }
    }

    /// <inheritdoc/>
    public Divergence Judge(CancellationToken cancellation) => _judge.Of(Run, cancellation);

    /// <inheritdoc/>
    public Divergence Trial(CancellationToken cancellation) => _trial.Of(Run, cancellation);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> Values(
        IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        Dictionary<string, List<float[]>> values = names.ToDictionary(name => name, _ => new List<float[]>());
        string[] wanted = [.. names.Where(name => !_given.Contains(name))];
        foreach (ComparisonSample sample in _samples)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyDictionary<string, OrtTensor>? found = wanted.Length > 0 ? Run(sample, wanted) : null;
            foreach (string name in names)
            {
                OrtTensor value = found is not null && found.TryGetValue(name, out OrtTensor? inside)
                    ? inside
                    : sample.Inputs[RawText.Shown(name)];
                values[name].Add(Array.ConvertAll(TensorNumbers.ToDoubles(value, name), number => (float)number));
            }
        }

        return values.ToDictionary(pair => pair.Key, pair => pair.Value.SelectMany(run => run).ToArray());
    }

    /// <inheritdoc/>
    public void Dispose() => _runner.Dispose();

    /// <summary>Takes no more inputs than there is room for the values that are asked for.</summary>
    private void TakeFewer(IReadOnlyCollection<string> probes)
    {
        string[] wanted = [.. probes.Where(name => !_given.Contains(name))];
        if (wanted.Length > 0 && _samples.Count > 1)
        {
            long numbers = Run(_samples[0], wanted).Values.Sum(value => value.ElementCount);
            _samples = [.. _samples.Take((int)Math.Clamp(MaxNumbers / Math.Max(1, numbers), 1, _samples.Count))];
        }
    }

    private IReadOnlyDictionary<string, OrtTensor> Run(ComparisonSample sample, IReadOnlyList<string> outputs)
    {
        Dictionary<string, OrtTensor> inputs = new(sample.Inputs, StringComparer.Ordinal);
        foreach ((LivePart part, OrtTensor tensor) in _weights.Values.SelectMany(parts => parts))
        {
            inputs[RawText.Shown(part.Name)] = tensor;
        }

        return _runner.Run(inputs, outputs);
    }

    private static float[] Placed(ReadOnlySpan<float> values, int[] places)
    {
        float[] placed = new float[values.Length];
        for (int i = 0; i < places.Length; i++)
        {
            placed[places[i]] = values[i];
        }

        return placed;
    }

    private static ValueInfoProto Declared(TensorProto tensor)
    {
        TensorShapeProto shape = new();
        shape.Dim.AddRange(tensor.Dims.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }));
        return new ValueInfoProto
        {
            Name = tensor.Name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = tensor.DataType, Shape = shape },
            },
        };
    }

    private static TensorElementType? TypeOf(DataType type) => type switch
    {
        DataType.Float => TensorElementType.Float,
        DataType.Double => TensorElementType.Double,
        DataType.Float16 => TensorElementType.Float16,
        _ => null,
    };

    private static void Fill(OrtTensor tensor, ReadOnlySpan<float> values)
    {
        switch (tensor.ElementType)
        {
            case TensorElementType.Float:
                values.CopyTo(tensor.AsSpan<float>());
                break;
            case TensorElementType.Double:
                Span<double> doubles = tensor.AsSpan<double>();
                for (int i = 0; i < values.Length; i++)
                {
                    doubles[i] = values[i];
                }

                break;
            default:
                Span<Half> halves = tensor.AsSpan<Half>();
                for (int i = 0; i < values.Length; i++)
                {
                    halves[i] = (Half)values[i];
                }

                break;
        }
    }
}
