namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>What must not happen to an output, whatever a user asked to be checked.</summary>
internal static class IntegrityCheck
{
    /// <summary>A sentence for each thing wrong.</summary>
    public static IEnumerable<string> Failures(OutputStatistics output)
    {
        if (output.Introduced > 0)
        {
            yield return Messages.NonFiniteIntroduced(output.Name, output.Introduced, output.Elements);
        }

        if (output.Vanished > 0)
        {
            yield return Messages.NonFiniteVanished(output.Name, output.Vanished, output.Elements);
        }

        if (output.AllZeroConverted && !output.AllZeroOriginal)
        {
            yield return Messages.AllZero(output.Name);
        }
    }
}
