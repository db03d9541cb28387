// A stand-in for TensorFlow's tensors, in memory of exactly their size: a sanitizer sees each access beyond it.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "../operations/operations.h"

namespace check {

using Shape = std::vector<int64_t>;
using Tensor = std::unique_ptr<TF_Tensor, lab::Delete>;

Tensor make(const Shape &shape, TF_DataType type = TF_FLOAT);

// Whole numbers from −3 to 3, the same for the same seed: sums of their products have no rounding errors.
Tensor whole(const Shape &shape, unsigned seed);

Shape shapeOf(const TF_Tensor *tensor);
long sizeOf(const Shape &shape);
float *numbers(const TF_Tensor *tensor);

// From now on, this many allocations of tensors and of scratch memory succeed, then one fails. −1: none fails.
void failAfter(int allocations);

}  // namespace check
