using System.Runtime.InteropServices;

namespace FlatLearning.Packages.Tests.Arm64;

/// <summary>One input of a model.</summary>
/// <param name="Type">Its element type as <c>run_model.c</c> names it.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Bytes">Its elements as they lie in memory.</param>
internal sealed record Sample(string Type, int[] Shape, byte[] Bytes)
{
    private const int Seed = 11;

    /// <summary>Numbers between 0 and 1.</summary>
    public static Sample Floats(params int[] shape)
    {
        Random random = new(Seed);
        float[] values = [.. Enumerable.Range(0, Count(shape)).Select(_ => random.NextSingle())];
        return new Sample("float", shape, MemoryMarshal.AsBytes<float>(values).ToArray());
    }

    /// <summary>Whole numbers from 0.</summary>
    /// <param name="limit">The first number that is too large.</param>
    /// <param name="shape">The dimensions.</param>
    public static Sample Indices(int limit, params int[] shape)
    {
        Random random = new(Seed);
        long[] values = [.. Enumerable.Range(0, Count(shape)).Select(_ => (long)random.Next(limit))];
        return new Sample("int64", shape, MemoryMarshal.AsBytes<long>(values).ToArray());
    }

    private static int Count(int[] shape) => shape.Aggregate(1, (product, dimension) => product * dimension);
}
