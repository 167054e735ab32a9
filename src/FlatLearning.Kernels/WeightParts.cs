using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Terms;

namespace FlatLearning.Kernels;

/// <summary>The parts of a decoded weight by the names that the products use.</summary>
internal static class WeightParts
{
    extension(DynWeight weight)
    {
        /// <summary>Codes of one width, or null.</summary>
        public PackedCodes? Codes => weight.Find<UniformCodes>()?.Codes;

        /// <summary>Their codebook, or null.</summary>
        public Codebook? Codebook => weight.Find<UniformCodes>()?.Codebook;

        /// <summary>Codes of several widths, or null.</summary>
        public BandedCodes? Bands => weight.Find<MixedCodes>()?.Bands;

        /// <summary>The metric, or null.</summary>
        public Metric? Metric => weight.Find<MetricTerm>()?.Metric;

        /// <summary>Single elements, or null.</summary>
        public SparseElements? Sparse => weight.Find<SparseTerm>()?.Elements;
    }
}
