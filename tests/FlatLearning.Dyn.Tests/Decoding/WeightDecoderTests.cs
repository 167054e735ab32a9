using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Tests.Support;

namespace FlatLearning.Dyn.Tests.Decoding;

public sealed class WeightDecoderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Decode_RandomWeights_AgreesWithReference(int quarter)
    {
        for (int seed = quarter * 100; seed < (quarter + 1) * 100; seed++)
        {
            WeightCase c = WeightGenerator.Draw(seed);
            DynWeight weight = WeightGenerator.Create(c);
            float[] dense = new float[c.Rows * c.Columns];
            Array.Fill(dense, float.NaN);
            new WeightDecoder(weight).Decode(dense);
            DecoderCheck.Verify(weight, dense, c.ToString());
        }
    }
}
