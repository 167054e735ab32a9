using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;

namespace FlatLearning.Dyn.Decoding;

/// <summary>What <see cref="WeightDecoder"/> reads: every term of a weight puts its part in.</summary>
internal sealed class DecoderTables
{
    /// <summary>Collects the tables of a weight.</summary>
    public DecoderTables(DynWeight weight)
    {
        GroupWidth = weight.Terms.Max(term => term.GroupWidth) ?? CodeLayout.ChooseGroupWidth(weight.Columns);
        foreach (WeightTerm term in weight.Terms)
        {
            term.AddTo(this);
        }
    }

    /// <summary>g: columns of a group; that of the codes, or the default width for N columns without codes.</summary>
    public int GroupWidth { get; }

    /// <summary>The codes, or null.</summary>
    public ICodeTables? Codes { get; set; }

    /// <summary>The metric, or null.</summary>
    public MetricTable? Metric { get; set; }

    /// <summary>Sparse elements, or null.</summary>
    public SparseElements? Sparse { get; set; }
}
