namespace FlatLearning.Cuda.Tests.Ptx;

/// <summary>What an instruction computes from its operands, whose bits lie in the low end of 64.</summary>
internal interface IPtxOperation
{
    static abstract ulong Compute(ulong a, ulong b, ulong c);
}
