namespace FlatLearning.Fitting.Surveys;

/// <summary>What wins at one rate, and how it stands to plain rounding.</summary>
/// <param name="Rate">The rate.</param>
/// <param name="Best">The row of least error.</param>
/// <param name="BestOwn">Our own row of least error, or null where there is none.</param>
/// <param name="BestRounding">The row of plain rounding with the least error at this rate, or null.</param>
/// <param name="RoundingErrorAtSameBits">The error of plain rounding at the winner's own bits, interpolated; null where
/// rounding has no bits that few.</param>
/// <param name="RoundingBitsForSameError">The bits that plain rounding needs for the winner's error, interpolated; null
/// beyond its range.</param>
public sealed record RateConclusion(
    double Rate,
    SurveyRow Best,
    SurveyRow? BestOwn,
    SurveyRow? BestRounding,
    double? RoundingErrorAtSameBits,
    double? RoundingBitsForSameError);
