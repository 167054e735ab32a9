using FlatLearning.Dyn.Entropy;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Terms;

namespace FlatLearning.Dyn.Tests.Support;

/// <summary>The contents of a weight's terms under short names, null where there is no such term.</summary>
internal static class WeightParts
{
    extension(DynWeight weight)
    {
        /// <summary>Codes of one width, decoded where they are stored in another form.</summary>
        public PackedCodes? Codes => weight.Decoded().Find<UniformCodes>()?.Codes;

        /// <summary>Their codebook.</summary>
        public Codebook? Codebook => weight.Decoded().Find<UniformCodes>()?.Codebook;

        /// <summary>Codes of several widths.</summary>
        public BandedCodes? Bands => weight.Find<MixedCodes>()?.Bands;

        /// <summary>Codes as an entropy-coded stream.</summary>
        public EntropyStream? Stream => weight.Find<EntropyCodes>()?.Stream;

        /// <summary>The metric.</summary>
        public Metric? Metric => weight.Find<MetricTerm>()?.Metric;

        /// <summary>Single elements.</summary>
        public SparseElements? Sparse => weight.Find<SparseTerm>()?.Elements;
    }
}
