#include "tensors.h"

#include <atomic>
#include <cstdlib>
#include <cstring>

struct TF_Tensor {
  TF_DataType type;
  check::Shape shape;
  void *data;
};

namespace {

std::atomic<int> left{-1};

bool fails() { return left.load() >= 0 && left.fetch_sub(1) == 0; }

}  // namespace

extern "C" {

TF_Tensor *TF_AllocateTensor(TF_DataType type, const int64_t *sides, int count, size_t bytes) {
  if (fails()) return nullptr;
  // Random bits in place of zeros: an operation must write all of its result.
  void *data = std::malloc(bytes);
  std::memset(data, 0xa5, bytes);
  return new TF_Tensor{type, check::Shape(sides, sides + count), data};
}

void TF_DeleteTensor(TF_Tensor *tensor) {
  if (tensor) std::free(tensor->data);
  delete tensor;
}

TF_DataType TF_TensorType(const TF_Tensor *tensor) { return tensor->type; }
int TF_NumDims(const TF_Tensor *tensor) { return static_cast<int>(tensor->shape.size()); }
int64_t TF_Dim(const TF_Tensor *tensor, int axis) { return tensor->shape.at(static_cast<size_t>(axis)); }
void *TF_TensorData(const TF_Tensor *tensor) { return tensor->data; }
int64_t TF_TensorElementCount(const TF_Tensor *tensor) { return check::sizeOf(tensor->shape); }

// The linker replaces aligned_alloc by this function (--wrap).
void *__real_aligned_alloc(size_t alignment, size_t bytes);
void *__wrap_aligned_alloc(size_t alignment, size_t bytes) {
  return fails() ? nullptr : __real_aligned_alloc(alignment, bytes);
}
}

namespace check {

void failAfter(int allocations) { left = allocations; }

Tensor make(const Shape &shape, TF_DataType type) {
  return Tensor(TF_AllocateTensor(type, shape.data(), static_cast<int>(shape.size()), 4 * sizeOf(shape)));
}

Tensor whole(const Shape &shape, unsigned seed) {
  Tensor tensor = make(shape);
  for (long i = 0; i < sizeOf(shape); i++) {
    seed = seed * 1664525u + 1013904223u;
    numbers(tensor.get())[i] = static_cast<float>(static_cast<int>(seed >> 16) % 7 - 3);
  }
  return tensor;
}

Shape shapeOf(const TF_Tensor *tensor) { return tensor->shape; }

long sizeOf(const Shape &shape) {
  long size = 1;
  for (const int64_t side : shape) size *= side;
  return size;
}

float *numbers(const TF_Tensor *tensor) { return static_cast<float *>(tensor->data); }

}  // namespace check
