using FlatLearning.Fitting.Peers;

namespace FlatLearning.Fitting.Tests.Peers;

/// <summary>Every peer format at several bits, and the error of a round trip in double precision.</summary>
internal static class PeerCases
{
    public static IEnumerable<IPeerFormat> All()
    {
        foreach (int bits in new[] { 1, 2, 3, 4, 6, 8 })
        {
            yield return new UniformFormat(bits, 0);
            yield return new UniformFormat(bits, 32);
            yield return new FittedUniformFormat(bits, 0);
            yield return new HqqFormat(bits);
            yield return new SvdFormat(bits);
        }

        yield return new NormalFloatFormat(doubleQuantisation: false);
        yield return new NormalFloatFormat(doubleQuantisation: true);
        foreach (BlockSymmetry symmetry in Enum.GetValues<BlockSymmetry>())
        {
            yield return new OrtBlockFormat(2, 16, symmetry);
            yield return new OrtBlockFormat(4, 32, symmetry);
            yield return new OrtBlockFormat(8, 128, symmetry);
        }

        foreach (KQuantType type in Enum.GetValues<KQuantType>())
        {
            yield return new KQuantFormat(type);
        }
    }

    public static double RelativeError(float[] w, PeerResult result)
    {
        (double error, double energy) = (0, 0);
        for (int i = 0; i < w.Length; i++)
        {
            double difference = (double)result.Values[i] - w[i];
            error += difference * difference;
            energy += (double)w[i] * w[i];
        }

        return error == 0 ? 0 : error / energy;
    }
}
