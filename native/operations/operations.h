// This project's own operations, by name: what the binding calls before it asks TensorFlow.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "tensorflow/c/tf_tensor.h"

namespace lab {

// Whether this processor has what this file was compiled for.
bool canRun();

// Whether the name is an operation of this project's.
inline bool isOwn(const std::string &name) { return name.compare(0, 3, "Lab") == 0; }

struct Delete {
  void operator()(TF_Tensor *tensor) const { TF_DeleteTensor(tensor); }
};
using Outputs = std::vector<std::unique_ptr<TF_Tensor, Delete>>;

// Runs one operation. Empty where the inputs do not fit it; throws std::bad_alloc where memory is short.
Outputs run(const std::string &name, const std::vector<const TF_Tensor *> &inputs);

}  // namespace lab
