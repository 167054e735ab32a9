namespace FlatLearning.Fitting.Codes;

/// <content>The numbers, [taps, 2^bits] each.</content>
internal static partial class StartTables
{
    private static readonly Dictionary<(int Bits, int Taps), float[]> Trained = new()
    {
    };
}
