using System.Runtime.InteropServices;

namespace FlatLearning.Kernels;

/// <summary>
/// A number that the compiler knows: the size of the struct. So a kernel is written once for every shape of its
/// registers and tables, and what is unused vanishes. A size and not a static member, because each use of a member is a
/// call to inline, and the compiler gives up inlining in methods with hundreds of them.
/// </summary>
internal interface ICount;

[StructLayout(LayoutKind.Sequential, Size = 1)]
internal readonly struct One : ICount;

[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct Two : ICount;

[StructLayout(LayoutKind.Sequential, Size = 3)]
internal readonly struct Three : ICount;

[StructLayout(LayoutKind.Sequential, Size = 4)]
internal readonly struct Four : ICount;

[StructLayout(LayoutKind.Sequential, Size = 5)]
internal readonly struct Five : ICount;

[StructLayout(LayoutKind.Sequential, Size = 6)]
internal readonly struct Six : ICount;

[StructLayout(LayoutKind.Sequential, Size = 8)]
internal readonly struct Eight : ICount;

[StructLayout(LayoutKind.Sequential, Size = 16)]
internal readonly struct Sixteen : ICount;

[StructLayout(LayoutKind.Sequential, Size = 32)]
internal readonly struct ThirtyTwo : ICount;

[StructLayout(LayoutKind.Sequential, Size = 64)]
internal readonly struct SixtyFour : ICount;

[StructLayout(LayoutKind.Sequential, Size = 256)]
internal readonly struct TwoHundredFiftySix : ICount;
