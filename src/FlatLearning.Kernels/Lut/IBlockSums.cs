using FlatLearning.Kernels.Codes;

namespace FlatLearning.Kernels.Lut;

/// <summary>The sums of one block of bytes per input, in registers of one width.</summary>
internal unsafe interface IBlockSums
{
    /// <summary>Bytes of codes that fill a register with 32-bit indices.</summary>
    static abstract int BlockBytes { get; }

    /// <summary>Sums of the columns of a block: 8 / b columns per byte, those of a field together.</summary>
    /// <param name="form">Bits and taps.</param>
    /// <param name="x">The inputs, multiplied by rho, followed by those behind them or zeros for the taps.</param>
    /// <param name="inputs">How many.</param>
    /// <param name="codes">The block's codes of the first input.</param>
    /// <param name="rowBytes">Bytes from input to input.</param>
    /// <param name="codebook">[taps, 16].</param>
    /// <param name="sums">[positions, stride], overwritten in this block's columns.</param>
    /// <param name="stride">Floats from position to position.</param>
    static abstract void Sum(
        TableCodes form, float* x, int inputs, byte* codes, int rowBytes, float* codebook, float* sums,
        int stride);
}
