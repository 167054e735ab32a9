using FlatLearning.Benchmarks.Plans;

namespace FlatLearning.Benchmarks.Tests.Plans;

public class PeerErrorsTests
{
    [Fact]
    public void Formats_HaveNamesOfTheirOwnAndEveryPeerOfTheDocumentation()
    {
        string[] names = [.. PeerErrors.Formats.Select(format => format.Name)];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Superset(
            new HashSet<string>
            {
                "ONNX Runtime 4 bits, block 32", "ONNX Runtime 4 bits asymmetric, block 128",
                    "ONNX Runtime 8 bits asymmetric, block 32", "HQQ 4 bits, group 64", "NF4, double quantised",
                "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K",
            },
            names.ToHashSet());
    }

    [Fact]
    public void Of_ColumnsOfHalfABlock_StoresMoreThanNominally()
    {
        Random random = new(1);
        float[] values = [.. Enumerable.Range(0, 64 * 40).Select(_ => (float)(random.NextDouble() - 0.5))];
        Dictionary<string, PeerError> errors = PeerErrors.Of([new MatrixWeight("w", values, 64, 40)], [])
            .ToDictionary(error => error.Name);
        // 64 rows: half of a block of 128, or two sub-blocks of 32 with 7 bytes beside their 32 of codes.
        Assert.Equal(
            (8.5, 4.25),
            (errors["ONNX Runtime 4 bits, block 128"].Bits, errors["ONNX Runtime 4 bits, block 128"].NominalBits));
        Assert.Equal((39 * 8 / 64.0, 4.5), (errors["Q4_K"].Bits, errors["Q4_K"].NominalBits));
        Assert.True(
            errors["Q6_K"].Error < errors["Q5_K"].Error
                && errors["Q5_K"].Error < errors["Q4_K"].Error
                && errors["Q4_K"].Error < errors["Q3_K"].Error);
    }
}
