namespace FlatLearning.Dyn.Operators;

/// <summary>Element types of tensors, with the numbers of ONNX's TensorProto. Hosts may hand over others too.</summary>
public enum TensorType
{
    /// <summary>None, or any.</summary>
    Undefined = 0,

    /// <summary>FLOAT.</summary>
    Float32 = 1,

    /// <summary>UINT8.</summary>
    UInt8 = 2,

    /// <summary>INT8.</summary>
    Int8 = 3,

    /// <summary>UINT16.</summary>
    UInt16 = 4,

    /// <summary>INT16.</summary>
    Int16 = 5,

    /// <summary>INT32.</summary>
    Int32 = 6,

    /// <summary>INT64.</summary>
    Int64 = 7,

    /// <summary>STRING; of no fixed size.</summary>
    String = 8,

    /// <summary>BOOL.</summary>
    Bool = 9,

    /// <summary>FLOAT16.</summary>
    Float16 = 10,

    /// <summary>DOUBLE.</summary>
    Float64 = 11,

    /// <summary>BFLOAT16.</summary>
    BFloat16 = 16,
}
