namespace FlatLearning.Fitting.Surveys;

/// <summary>How every representation of a matrix compares.</summary>
/// <param name="Shape">K and N.</param>
/// <param name="Rows">By rate, and at each by error; what has no result comes last.</param>
/// <param name="Rounding">Plain rounding at all its bits: the reference of <see cref="SurveyRow.BitsSaved"/>.</param>
/// <param name="Conclusions">One per rate that anything exists at.</param>
/// <param name="Seconds">Wall-clock seconds of everything.</param>
public sealed record SurveyReport(
    IReadOnlyList<int> Shape,
    IReadOnlyList<SurveyRow> Rows,
    IReadOnlyList<SurveyRow> Rounding,
    IReadOnlyList<RateConclusion> Conclusions,
    double Seconds);
