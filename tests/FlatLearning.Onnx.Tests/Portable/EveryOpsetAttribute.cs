using System.Reflection;
using FlatLearning.Testing;
using Xunit.Sdk;

namespace FlatLearning.Onnx.Tests.Portable;

/// <summary>
/// A version of ONNX Runtime with every operator set that it accepts; skipped, with the reason, where the version is
/// not fetched.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class EveryOpsetAttribute : DataAttribute
{
    private readonly string _version;

    public EveryOpsetAttribute(string version)
    {
        _version = version;
        Skip = OrtVersions.Absence(version);
    }

    /// <summary>Operator sets from the oldest to the newest that models are converted in.</summary>
    public static IReadOnlyList<int> Opsets { get; } =
        [7, 8, 9, 10, 11, 12, 13, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26];

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        Opsets.Where(opset => opset <= OrtVersions.NewestOpset(_version))
            .Select(opset => new object[] { _version, opset });
}
