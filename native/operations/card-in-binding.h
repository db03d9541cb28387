// What the binding says about the card, and how the card multiplies.
#pragma once
#include <node_api.h>

#include "card.h"

namespace tsl {
// TensorFlow's own switch, in libtensorflow_framework: TensorFlow and XLA ask it for their own kernels and before they
// call cuBLAS and cuDNN. Weak, so that the binding loads if a version of TensorFlow lacks it.
__attribute__((weak)) void enable_tensor_float_32_execution(bool enabled);
}  // namespace tsl

namespace lab {

// describeCard(): { model?: string, cudnn?: number }
inline napi_value describeCard(napi_env env, napi_callback_info) {
  const Card card = cardInUse();
  napi_value described, value;
  if (napi_create_object(env, &described) != napi_ok) return nullptr;
  if (!card.model.empty() && napi_create_string_utf8(env, card.model.data(), card.model.size(), &value) == napi_ok)
    napi_set_named_property(env, described, "model", value);
  if (card.cudnn != 0 && napi_create_double(env, static_cast<double>(card.cudnn), &value) == napi_ok)
    napi_set_named_property(env, described, "cudnn", value);
  return described;
}

// setTensorFloat32(allowed: boolean): whether inputs of products may be rounded to ten bits
inline napi_value setTensorFloat32(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  bool allowed;
  if (napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr) == napi_ok && count == 1 &&
      napi_get_value_bool(env, argument, &allowed) == napi_ok && tsl::enable_tensor_float_32_execution)
    tsl::enable_tensor_float_32_execution(allowed);
  else
    napi_throw_error(env, nullptr, "TensorFlow lacks the switch for TF32, or setTensorFloat32 got no boolean");
  return nullptr;
}

inline void addCardFunctions(napi_env env, napi_value exports) {
  const struct { const char *name; napi_callback function; } functions[] = {
    {"describeCard", describeCard}, {"setTensorFloat32", setTensorFloat32}};
  for (const auto &[name, function] : functions) {
    napi_value value;
    if (napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value) == napi_ok)
      napi_set_named_property(env, exports, name, value);
  }
}

}  // namespace lab
