using System.Globalization;
using FlatLearning.Numerics;
using FlatLearning.Onnx.Numpy;

namespace FlatLearning.Benchmarks;

/// <summary>
/// Matrices named on the command line: <c>FILE.npy</c> or <c>MODEL.onnx[::INITIALIZER]</c> (else its largest weight),
/// then <c>,first=KxN</c> (the first K inputs and N outputs) and <c>,transposed</c>, in that order of effect. A model's
/// weight is read as [inputs, outputs], however it is stored.
/// </summary>
internal static class MatrixSource
{
    /// <summary>The three matrices that the project's targets are stated for.</summary>
    public static IReadOnlyList<string> Issue { get; } =
    [
        "mjp_g1.onnx::mlp_1/MLP_0_1/hidden_2_1/Cast/ReadVariableOp:0,transposed",
        "ideeplc.onnx::layers.7.weight,first=256x128,transposed",
        "asap_dec_loco.onnx::actor.actor_module.module.0.weight,first=256x128,transposed",
    ];

    /// <summary>
    /// The matrices of <c>--matrix</c> (several separated by spaces), or of <c>--preset issue --models DIR</c>.
    /// </summary>
    public static List<MatrixWeight> Of(Arguments options)
    {
        if (options.Text("--preset", string.Empty) is { Length: > 0 } preset)
        {
            return preset == "issue"
                ? [.. Issue.Select(name => Load(Path.Combine(options.Required("--models"), name)))]
                : throw new ArgumentException($"the preset is '{preset}', expected 'issue'");
        }

        return [.. options.Required("--matrix").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Load)];
    }

    public static MatrixWeight Load(string text)
    {
        string[] parts = text.Split(',');
        string[] place = parts[0].Split("::", 2);
        MatrixWeight weight = place[0].EndsWith(".npy", StringComparison.Ordinal)
            ? FromNumpy(place[0])
            : FromModel(place);
        foreach (string part in parts[1..])
        {
            weight = part == "transposed"
                ? weight
                    with { Values = MatrixTranspose.Of(weight.Values, weight.Rows, weight.Columns),
                        Rows = weight.Columns, Columns = weight.Rows }
                : part.StartsWith("first=", StringComparison.Ordinal) ? First(weight, part["first=".Length..])
                : throw new ArgumentException($"'{text}' has '{part}', expected 'transposed' or 'first=KxN'");
        }

        return weight with { Name = $"{Path.GetFileNameWithoutExtension(place[0])} {weight.Rows}x{weight.Columns}" };
    }

    private static MatrixWeight FromNumpy(string path)
    {
        NpyArray array = NpyFile.Read(path);
        return array.Dims.Length == 2
            ? new MatrixWeight(path, array.ToSingles(), (int)array.Dims[0], (int)array.Dims[1])
            : throw new ArgumentException($"{path} has {array.Dims.Length} dimensions, expected 2");
    }

    private static MatrixWeight FromModel(string[] place)
    {
        List<MatrixWeight> weights = ModelWeights.Load(place[0], 1);
        return (place.Length == 1
            ? weights.MaxBy(weight => weight.Values.Length)
            : weights.Find(weight => weight.Name == place[1]))
            ?? throw new ArgumentException(
                $"{place[0]} has no weight '{place.ElementAtOrDefault(1)}', found "
                    + $"{string.Join(", ", weights.Select(weight => weight.Name))}");
    }

    private static MatrixWeight First(MatrixWeight weight, string size)
    {
        int[] sizes = [.. size.Split('x').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        (int rows, int columns) = (Math.Min(sizes[0], weight.Rows), Math.Min(sizes[1], weight.Columns));
        float[] values = new float[rows * columns];
        for (int k = 0; k < rows; k++)
        {
            weight.Values.AsSpan(k * weight.Columns, columns).CopyTo(values.AsSpan(k * columns));
        }

        return weight with { Values = values, Rows = rows, Columns = columns };
    }
}
