// This project's own operations, by name: the binding looks here before it asks TensorFlow.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "tensorflow/c/tf_tensor.h"

namespace lab {

// Whether this processor has the instructions that this file was compiled for.
bool canRun();

inline bool isProjectOperation(const std::string &name) { return name.compare(0, 3, "Lab") == 0; }

struct Delete {
  void operator()(TF_Tensor *tensor) const { TF_DeleteTensor(tensor); }
};
using Outputs = std::vector<std::unique_ptr<TF_Tensor, Delete>>;

// Runs one operation. Returns no outputs if the inputs' shapes do not fit; throws std::bad_alloc if memory is short.
Outputs run(const std::string &name, const std::vector<const TF_Tensor *> &inputs);

}  // namespace lab
