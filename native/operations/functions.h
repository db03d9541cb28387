// Functions of TensorFlow: many operations that one call runs.
#pragma once

#include <node_api.h>

#include <string>

#include "tensorflow/c/eager/c_api.h"

namespace lab {

// Whether an operation is a function that XLA compiles. XLA has to be told for
// which device; the graph executor finds one for each operation.
inline bool isForXla(const std::string &name) {
  return name.rfind("lab_xla_", 0) == 0;
}

namespace functions {

inline napi_value firstArgument(napi_env env, napi_callback_info info,
                                TFE_Context **context) {
  size_t count = 1;
  napi_value argument = nullptr;
  void *data = nullptr;
  napi_get_cb_info(env, info, &count, &argument, nullptr, &data);
  *context = static_cast<TFE_Context *>(data);
  return argument;
}

inline void throwFault(napi_env env, TF_Status *status) {
  if (TF_GetCode(status) != TF_OK) {
    const std::string fault = "Invalid TF_Status: " +
                              std::to_string(TF_GetCode(status)) +
                              "\nMessage: " + TF_Message(status);
    napi_throw_error(env, nullptr, fault.c_str());
  }
  TF_DeleteStatus(status);
}

}  // namespace functions

// Adds a function, given as the bytes of a FunctionDef, a message of
// TensorFlow's protocol buffers. executeOp then runs it by its name.
inline napi_value addFunction(napi_env env, napi_callback_info info) {
  TFE_Context *context;
  const napi_value definition = functions::firstArgument(env, info, &context);
  size_t length;
  void *bytes;
  if (napi_get_typedarray_info(env, definition, nullptr, &length, &bytes,
                               nullptr, nullptr) != napi_ok) {
    napi_throw_error(env, nullptr, "addFunction takes a Uint8Array");
    return nullptr;
  }
  TF_Status *status = TF_NewStatus();
  TFE_ContextAddFunctionDef(context, static_cast<const char *>(bytes), length,
                            status);
  functions::throwFault(env, status);
  return nullptr;
}

// Removes a function by its name, with all that TensorFlow prepared to run it.
inline napi_value removeFunction(napi_env env, napi_callback_info info) {
  TFE_Context *context;
  const napi_value name = functions::firstArgument(env, info, &context);
  char text[256];
  size_t length;
  if (napi_get_value_string_utf8(env, name, text, sizeof(text), &length) !=
      napi_ok) {
    napi_throw_error(env, nullptr, "removeFunction takes a name");
    return nullptr;
  }
  TF_Status *status = TF_NewStatus();
  TFE_ContextRemoveFunction(context, text, status);
  functions::throwFault(env, status);
  return nullptr;
}

}  // namespace lab
