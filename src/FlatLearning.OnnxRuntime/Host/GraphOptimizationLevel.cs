namespace FlatLearning.OnnxRuntime;

/// <summary>How far ONNX Runtime rewrites a graph at load, with the numbers of its C API.</summary>
public enum GraphOptimizationLevel
{
    /// <summary>Not at all (model-local functions are still expanded).</summary>
    None = 0,

    /// <summary>Rewrites that keep to standard operators, constant folding among them.</summary>
    Basic = 1,

    /// <summary>Basic, and fusions into ONNX Runtime's own operators.</summary>
    Extended = 2,

    /// <summary>Everything, layout changes included; the default.</summary>
    All = 99,
}
