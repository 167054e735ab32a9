namespace FlatLearning.Dyn;

/// <summary>Scales in one byte: sixteenths of an octave from 2^-7.94 to 2^7.94, and zero.</summary>
public static class LogScale
{
    /// <summary>Steps of an octave. A scale is off by 2.2 % at most, which the codes are fitted under.</summary>
    public const int StepsOfOctave = 16;

    /// <summary>The byte of 1.</summary>
    public const int One = 128;

    /// <summary>The smallest positive value, 2^(-127/16).</summary>
    public static readonly double Smallest = Math.Pow(2, (1.0 - One) / StepsOfOctave);

    /// <summary>The largest value, 2^(127/16).</summary>
    public static readonly double Largest = Math.Pow(2, (255.0 - One) / StepsOfOctave);

    /// <summary>2^((code - 128) / 16), rounded to float32; 0 for 0.</summary>
    public static float Value(byte code) => code == 0 ? 0 : (float)Math.Pow(2, (code - One) / (double)StepsOfOctave);

    /// <summary>
    /// The byte of the nearest value by ratio. Throws <see cref="DynFormatException"/> for a negative number and for
    /// one beyond the range.
    /// </summary>
    public static byte Code(double value)
    {
        if (value == 0)
        {
            return 0;
        }

        double code = Math.Round((Math.Log2(value) * StepsOfOctave) + One);
        return code is >= 1 and <= 255
            ? (byte)code
            : throw new DynFormatException(
                FormattableString.Invariant(
                    $"a scale of {value:g3} has no 8-bit logarithm; those go from {Smallest:g3} to {Largest:g3}"));
    }
}
