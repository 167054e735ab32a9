/*
 * The smallest host: runs a model once in an ONNX Runtime that is named on the command line.
 *
 *   run_model ONNXRUNTIME MODEL LIBRARY float|int64 DIMENSION... < input > output
 *
 * LIBRARY is the custom-operator library, or "-" for none. The model has one input, whose elements are read as they
 * lie in memory, and one output of float32, which is written the same way.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "onnxruntime_c_api.h"

#define MAX_RANK 8

static const OrtApi *api;

static void fail(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static void check(OrtStatus *status) {
    if (status != NULL) {
        fail(api->GetErrorMessage(status));
    }
}

static const OrtApi *load_api(const char *path) {
    void *runtime = dlopen(path, RTLD_NOW);
    if (runtime == NULL) {
        fail(dlerror());
    }

    const OrtApiBase *(*get_base)(void) = (const OrtApiBase *(*)(void))dlsym(runtime, "OrtGetApiBase");
    return get_base()->GetApi(ORT_API_VERSION);
}

static OrtSession *open_session(const char *model, const char *library) {
    OrtEnv *environment;
    OrtSessionOptions *options;
    OrtSession *session;
    check(api->CreateEnv(ORT_LOGGING_LEVEL_WARNING, "run_model", &environment));
    check(api->CreateSessionOptions(&options));
    check(api->SetIntraOpNumThreads(options, 2));
    if (strcmp(library, "-") != 0) {
        check(api->RegisterCustomOpsLibrary_V2(options, library));
    }

    check(api->CreateSession(environment, model, options, &session));
    return session;
}

static OrtValue *read_input(const char *type, int rank, char **dimensions) {
    int64_t shape[MAX_RANK];
    int is_float = strcmp(type, "float") == 0;
    size_t bytes = is_float ? sizeof(float) : sizeof(int64_t);
    for (int i = 0; i < rank; i++) {
        shape[i] = atoll(dimensions[i]);
        bytes *= (size_t)shape[i];
    }

    OrtMemoryInfo *memory;
    OrtValue *value;
    void *data = malloc(bytes);
    if (fread(data, 1, bytes, stdin) != bytes) {
        fail("the input ends too early");
    }

    check(api->CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &memory));
    check(api->CreateTensorWithDataAsOrtValue(
        memory, data, bytes, shape, (size_t)rank,
        is_float ? ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT : ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, &value));
    return value;
}

static void write_output(OrtValue *value) {
    OrtTensorTypeAndShapeInfo *info;
    size_t count;
    float *data;
    check(api->GetTensorTypeAndShape(value, &info));
    check(api->GetTensorShapeElementCount(info, &count));
    check(api->GetTensorMutableData(value, (void **)&data));
    if (fwrite(data, sizeof(float), count, stdout) != count) {
        fail("the output could not be written");
    }
}

int main(int count, char **arguments) {
    if (count < 6 || count - 5 > MAX_RANK) {
        fail("usage: run_model ONNXRUNTIME MODEL LIBRARY float|int64 DIMENSION... < input > output");
    }

    api = load_api(arguments[1]);
    OrtSession *session = open_session(arguments[2], arguments[3]);
    OrtAllocator *allocator;
    char *input_name;
    char *output_name;
    check(api->GetAllocatorWithDefaultOptions(&allocator));
    check(api->SessionGetInputName(session, 0, allocator, &input_name));
    check(api->SessionGetOutputName(session, 0, allocator, &output_name));

    OrtValue *input = read_input(arguments[4], count - 5, arguments + 5);
    OrtValue *output = NULL;
    check(api->Run(
        session, NULL, (const char *const *)&input_name, (const OrtValue *const *)&input, 1,
        (const char *const *)&output_name, 1, &output));
    write_output(output);
    return 0;
}
