using System.Runtime.InteropServices;

namespace FlatLearning.Cuda.Layout;

/// <summary>Where a sum goes: 8 bytes, the same for the host and the device.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OutputPlace
{
    /// <summary>The column of y; -1 for none.</summary>
    public int Column;

    /// <summary>How many partial sums it has.</summary>
    public int Slots;
}
