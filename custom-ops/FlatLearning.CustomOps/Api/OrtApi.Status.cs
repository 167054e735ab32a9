namespace FlatLearning.CustomOps.Api;

/// <content>Statuses: how the library reports errors.</content>
internal readonly unsafe partial struct OrtApi
{
    public delegate* unmanaged<OrtErrorCode, byte*, OrtStatusHandle*> CreateStatus =>
        (delegate* unmanaged<OrtErrorCode, byte*, OrtStatusHandle*>)At(OrtSlot.CreateStatus);

    public delegate* unmanaged<OrtStatusHandle*, OrtErrorCode> GetErrorCode =>
        (delegate* unmanaged<OrtStatusHandle*, OrtErrorCode>)At(OrtSlot.GetErrorCode);

    public delegate* unmanaged<OrtStatusHandle*, byte*> GetErrorMessage =>
        (delegate* unmanaged<OrtStatusHandle*, byte*>)At(OrtSlot.GetErrorMessage);

    public delegate* unmanaged<OrtStatusHandle*, void> ReleaseStatus =>
        (delegate* unmanaged<OrtStatusHandle*, void>)At(OrtSlot.ReleaseStatus);

    /// <summary>Releases a status and throws what it says; does nothing for success.</summary>
    /// <exception cref="OrtException">The status is an error.</exception>
    public void Check(OrtStatusHandle* status)
    {
        if (status is not null)
        {
            throw ToException(status);
        }
    }

    /// <summary>Releases an error status and returns what it says.</summary>
    public OrtException ToException(OrtStatusHandle* status)
    {
        OrtErrorCode code = GetErrorCode(status);
        string message = Utf8.Read(GetErrorMessage(status)) ?? "ONNX Runtime gave no message.";
        ReleaseStatus(status);
        return new OrtException(code, message);
    }

    /// <summary>A new status owned by the caller, to be handed to ONNX Runtime.</summary>
    public OrtStatusHandle* NewStatus(OrtErrorCode code, string message)
    {
        using Utf8 text = new(message);
        return CreateStatus(code, text.Pointer);
    }
}
