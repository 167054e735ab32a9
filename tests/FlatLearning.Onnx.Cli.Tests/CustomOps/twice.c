// test.others:Twice, y = 2 x in float32: a library of custom operators that is not ours.
#include <stddef.h>
#include <string.h>
#include "onnxruntime_c_api.h"

static const OrtApi* api;

static const char* name(const OrtCustomOp* op) { return "Twice"; }
static const char* provider(const OrtCustomOp* op) { return NULL; }
static ONNXTensorElementDataType type(const OrtCustomOp* op, size_t i) { return ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT; }
static size_t one(const OrtCustomOp* op) { return 1; }
static OrtCustomOpInputOutputCharacteristic needed(const OrtCustomOp* op, size_t i) { return INPUT_OUTPUT_REQUIRED; }
static OrtMemType memory(const OrtCustomOp* op, size_t i) { return OrtMemTypeDefault; }
static void* create(const OrtCustomOp* op, const OrtApi* a, const OrtKernelInfo* info) { return (void*)op; }
static void destroy(void* kernel) {}

static void compute(void* kernel, OrtKernelContext* context) {
  const OrtValue* x = NULL;
  OrtValue* y = NULL;
  OrtTensorTypeAndShapeInfo* info = NULL;
  size_t rank = 0, count = 0;
  int64_t dims[16];
  float *from = NULL, *to = NULL;
  api->KernelContext_GetInput(context, 0, &x);
  api->GetTensorTypeAndShape(x, &info);
  api->GetDimensionsCount(info, &rank);
  api->GetDimensions(info, dims, rank);
  api->GetTensorShapeElementCount(info, &count);
  api->ReleaseTensorTypeAndShapeInfo(info);
  api->KernelContext_GetOutput(context, 0, dims, rank, &y);
  api->GetTensorMutableData((OrtValue*)x, (void**)&from);
  api->GetTensorMutableData(y, (void**)&to);
  for (size_t i = 0; i < count; i++) to[i] = 2 * from[i];
}

OrtStatus* RegisterCustomOps(OrtSessionOptions* options, const OrtApiBase* base) {
  static OrtCustomOp op;
  OrtCustomOpDomain* domain = NULL;
  api = base->GetApi(11);
  memset(&op, 0, sizeof op);
  op.version = 11;
  op.CreateKernel = create;
  op.GetName = name;
  op.GetExecutionProviderType = provider;
  op.GetInputType = type;
  op.GetInputTypeCount = one;
  op.GetOutputType = type;
  op.GetOutputTypeCount = one;
  op.KernelCompute = compute;
  op.KernelDestroy = destroy;
  op.GetInputCharacteristic = needed;
  op.GetOutputCharacteristic = needed;
  op.GetInputMemoryType = memory;
  OrtStatus* status = api->CreateCustomOpDomain("test.others", &domain);
  if (status == NULL) status = api->CustomOpDomain_Add(domain, &op);
  if (status == NULL) status = api->AddCustomOpDomain(options, domain);
  return status;
}
