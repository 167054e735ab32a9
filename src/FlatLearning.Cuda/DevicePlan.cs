using FlatLearning.Cuda.Layout;

namespace FlatLearning.Cuda;

/// <summary>A plan with its arrays in a context's memory, and its kernels.</summary>
internal sealed class DevicePlan(WorkPlan work, ulong items, ulong outputs)
{
    /// <summary>The plan.</summary>
    public WorkPlan Work => work;

    /// <summary>Its items.</summary>
    public ulong Items => items;

    /// <summary>Where sums go.</summary>
    public ulong Outputs => outputs;

    /// <summary>The kernel of a family for a width.</summary>
    public nint Function(CudaContext context, string family, int bits) => context.Function(Name(family, bits));

    // Names that are there already: a run allocates nothing.
    private static string Name(string family, int bits) => (family, bits) switch
    {
        ("LookUp", 2) => "LookUp2",
        ("LookUp", 3) => "LookUp3",
        ("LookUp", 4) => "LookUp4",
        ("LookUp", 5) => "LookUp5",
        ("LookUp", 6) => "LookUp6",
        ("LookUp", 8) => "LookUp8",
        ("LookUp", _) => "LookUp32",
        ("Narrow", 2) => "Narrow2",
        ("Narrow", 3) => "Narrow3",
        ("Narrow", 4) => "Narrow4",
        ("Narrow", 5) => "Narrow5",
        ("Narrow", 6) => "Narrow6",
        ("TileFew", 2) => "TileFew2",
        ("TileFew", 3) => "TileFew3",
        ("TileFew", 4) => "TileFew4",
        ("TileFew", 5) => "TileFew5",
        ("TileFew", 6) => "TileFew6",
        ("TileFew", 8) => "TileFew8",
        ("TileFew", _) => "TileFew32",
        (_, 2) => "TileMany2",
        (_, 3) => "TileMany3",
        (_, 4) => "TileMany4",
        (_, 5) => "TileMany5",
        (_, 6) => "TileMany6",
        (_, 8) => "TileMany8",
        _ => "TileMany32",
    };
}
