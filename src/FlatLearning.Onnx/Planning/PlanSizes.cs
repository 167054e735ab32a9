using FlatLearning.Dyn.Operators;
using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Planning;

/// <summary>
/// The file's size for a choice of options, from names, shapes and structures alone: no model is put together and no
/// weight is read.
/// </summary>
/// <param name="draft">The model with its weights found; not changed.</param>
/// <param name="path">The file that the model is to be saved as; null for a usual one.</param>
/// <param name="curves">The options of its weights.</param>
/// <param name="given">What becomes of weights without a curve whatever the plan.</param>
internal sealed class PlanSizes(
    ConversionDraft draft, string? path, IReadOnlyList<WeightCurve?> curves,
    IReadOnlyDictionary<int, WeightOutcome> given)
{
    private readonly EditedSize _size = new(draft.Model, draft.Constants.Index, path);
    private readonly Dictionary<(int Weight, int Option, long Bytes), WeightOutline> _outlines = [];
    private readonly Dictionary<string, long> _sizes = [];
    private byte[] _zeros = [];

    /// <summary>How many choices were weighed, each once.</summary>
    public int Weighed { get; private set; }

    /// <summary>Bytes of the file, and of its external tensors.</summary>
    /// <param name="choice">An option for each weight.</param>
    public long Of(IReadOnlyList<int> choice)
    {
        // Searches come back to the same choices, hundreds of times where the model is small.
        string key = string.Join(',', choice.Select((option, i) => (option, curves[i]?.BytesOf(option) ?? 0)));
        if (!_sizes.TryGetValue(key, out long bytes))
        {
            _sizes[key] = bytes = Weigh(choice);
            Weighed++;
        }

        return bytes;
    }

    private long Weigh(IReadOnlyList<int> choice)
    {
        ConversionEdit edit = draft.Edit();
        for (int i = 0; i < curves.Count; i++)
        {
            if (curves[i]?.Options[choice[i]] is { } option)
            {
                WeightOutline outline = Outline(i, choice[i], option);
                if (ConversionDraft.Pays(draft.Candidates[i], outline))
                {
                    edit.Add(draft.Candidates[i], outline, option.PlainError);
                }
            }
            else if (given.GetValueOrDefault(i)?.Fit is { Weight: { } weight } fit)
            {
                edit.Add(draft.Candidates[i], draft.Outline(draft.Candidates[i], weight), fit.Error);
            }
        }

        return _size.Of(edit);
    }

    /// <summary>The same for a model that is put together.</summary>
    public long Of(ConvertedModel converted) => ModelSize.WhenSaved(converted.Model, path);

    private WeightOutline Outline(int weight, int choice, PlanOption option)
    {
        // What is known of the bytes of coded options changes with every fit.
        long bytes = curves[weight]!.BytesOf(choice);
        if (!_outlines.TryGetValue((weight, choice, bytes), out WeightOutline? outline))
        {
            outline = Blank(draft.Outline(draft.Candidates[weight], option.Skeleton(bytes)));
            _outlines[(weight, choice, bytes)] = outline;
        }

        return outline;
    }

    /// <summary>
    /// The same sizes without memory of their own, but for codebooks, of which equal ones are shared.
    /// </summary>
    private WeightOutline Blank(WeightOutline outline)
    {
        SortedDictionary<WeightInput, ConstantTensor> inputs = [];
        foreach ((WeightInput position, ConstantTensor part) in outline.Parts.Inputs)
        {
            inputs.Add(
                position, position == WeightInput.Codebook ? part : part with { Bytes = Zeros(part.Bytes.Length) });
        }

        return outline with { Parts = outline.Parts with { Inputs = inputs } };
    }

    private ReadOnlyMemory<byte> Zeros(int length)
    {
        if (_zeros.Length < length)
        {
            _zeros = new byte[length];
        }

        return _zeros.AsMemory(0, length);
    }
}
