namespace FlatLearning.Fitting.Codes;

/// <summary>The taps that codes have where nobody asks for others.</summary>
public static class DefaultTaps
{
    /// <summary>
    /// The taps that a number of bits gets: the most whose encoder has at most 4,096 transitions per weight, but one at
    /// 8 bits (measured in benchmarks, commands <c>train-tables</c> and <c>fit-speed</c>).
    /// </summary>
    public static int Of(int bits) => bits switch
    {
        2 => 5,
        3 => 4,
        4 => 3,
        5 or 6 => 2,
        _ => 1,
    };
}
