namespace FlatLearning.Fitting;

/// <summary>Whether the rows of a coded weight have scales.</summary>
public enum RowScales
{
    /// <summary>
    /// Where they lower the error by more than their 16/N bits per weight would in the codes (6.02 dB a bit).
    /// </summary>
    WhereTheyPay,

    /// <summary>Always.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
