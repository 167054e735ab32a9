namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>How runs are cut from an array.</summary>
internal enum ArrayCut
{
    /// <summary>Not at all: every run gets the whole array.</summary>
    Whole,

    /// <summary>Along its first dimension, which is the input's first dimension too.</summary>
    Rows,

    /// <summary>Along a first dimension that the input does not have: an entry to a run.</summary>
    Stack,
}
