namespace FlatLearning.Dyn.Decoding;

/// <summary>Codes with their codebooks, as a decoder walks through them.</summary>
internal interface ICodeTables
{
    /// <summary>The codes of some rows of a column group that lie together, from a row on.</summary>
    /// <param name="group">The column group.</param>
    /// <param name="row">The first row.</param>
    /// <param name="count">How many rows lie together; where the result is default, how many have no codes.</param>
    CodeRows Rows(int group, int row, out int count);
}
