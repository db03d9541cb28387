#include "operations.h"

#include <limits>

#include "batch-normalization.h"
#include "convolution.h"
#include "instruction-sets.h"
#include "pointwise-convolution.h"

namespace lab {
namespace {

using Inputs = std::vector<const TF_Tensor *>;
using Shape = std::vector<int64_t>;

Shape shapeOf(const TF_Tensor *tensor) {
  Shape shape(TF_NumDims(tensor));
  for (size_t i = 0; i < shape.size(); i++) shape[i] = TF_Dim(tensor, static_cast<int>(i));
  return shape;
}

float *numbers(const TF_Tensor *tensor) { return static_cast<float *>(TF_TensorData(tensor)); }
float *numbers(const Outputs::value_type &tensor) { return numbers(tensor.get()); }

Outputs allocate(const std::vector<Shape> &shapes) {
  Outputs outputs;
  for (const Shape &shape : shapes) {
    size_t bytes = sizeof(float);
    for (const int64_t length : shape) bytes *= length;
    outputs.emplace_back(TF_AllocateTensor(TF_FLOAT, shape.data(), static_cast<int>(shape.size()), bytes));
    if (!outputs.back() || !TF_TensorData(outputs.back().get())) throw std::bad_alloc();
  }
  return outputs;
}

bool isMultipleOf16(int64_t channels) { return channels > 0 && channels % 16 == 0; }

// [count, height, width, channels], no length 0, no more pixels than an int counts, the number of channels a multiple of
// 16.
bool areImages(const Shape &shape) {
  if (shape.size() != 4 || !isMultipleOf16(shape[3])) return false;
  const int64_t pixels = shape[0] * shape[1] * shape[2];
  return pixels > 0 && pixels <= std::numeric_limits<int>::max();
}

bool is3x3(const Shape &kernel) { return kernel.size() == 4 && kernel[0] == 3 && kernel[1] == 3; }

// Inputs: x; kernel, 3×3 or a matrix [inputs, outputs]; optionally a bias; optionally a shortcut. Output: y.
Outputs convolution(const Inputs &inputs, bool withRelu) {
  if (inputs.size() < 2 || inputs.size() > 4) return {};
  const Shape x = shapeOf(inputs[0]), kernel = shapeOf(inputs[1]);
  const bool pointwise = kernel.size() == 2;
  if (!areImages(x) || !(pointwise || is3x3(kernel)) || kernel[kernel.size() - 2] != x[3]) return {};
  if (!isMultipleOf16(kernel.back())) return {};
  const Shape yShape{x[0], x[1], x[2], kernel.back()};
  if (inputs.size() > 2 && shapeOf(inputs[2]) != Shape{yShape[3]}) return {};
  if (inputs.size() > 3 && shapeOf(inputs[3]) != yShape) return {};
  Outputs outputs = allocate({yShape});
  float *y = numbers(outputs[0]);
  const float *bias = inputs.size() > 2 ? numbers(inputs[2]) : nullptr;
  const Epilogue epilogue{bias, inputs.size() > 3 ? numbers(inputs[3]) : nullptr, withRelu};
  const Convolution shape{int(x[0]), int(x[1]), int(x[2]), int(x[3]), int(yShape[3])};
  if (pointwise)
    convolvePixels(long(x[0] * x[1] * x[2]), shape.inputs, shape.outputs, numbers(inputs[0]), numbers(inputs[1]),
                   epilogue, y);
  else
    convolve(shape, numbers(inputs[0]), numbers(inputs[1]), epilogue, y);
  return outputs;
}

// Inputs: dy; kernel, 3×3 or a matrix [inputs, outputs]. Output: dx.
Outputs inputGradient(const Inputs &inputs) {
  if (inputs.size() != 2) return {};
  const Shape dy = shapeOf(inputs[0]), kernel = shapeOf(inputs[1]);
  const bool pointwise = kernel.size() == 2;
  if (!areImages(dy) || !(pointwise || is3x3(kernel)) || kernel.back() != dy[3]) return {};
  const int64_t channels = kernel[kernel.size() - 2];
  if (!isMultipleOf16(channels)) return {};
  Outputs outputs = allocate({{dy[0], dy[1], dy[2], channels}});
  float *dx = numbers(outputs[0]);
  if (pointwise) {
    convolvePixelsInputGradient(dy[0] * dy[1] * dy[2], int(channels), int(dy[3]), numbers(inputs[0]),
                                numbers(inputs[1]), dx);
  } else {
    const Convolution shape{int(dy[0]), int(dy[1]), int(dy[2]), int(channels), int(dy[3])};
    convolveInputGradient(shape, numbers(inputs[0]), numbers(inputs[1]), dx);
  }
  return outputs;
}

// Inputs: x, dy. Output: the gradient of a 3×3 kernel.
Outputs kernelGradient(const Inputs &inputs) {
  if (inputs.size() != 2) return {};
  const Shape x = shapeOf(inputs[0]), dy = shapeOf(inputs[1]);
  if (!areImages(x) || !areImages(dy)) return {};
  if (dy[0] != x[0] || dy[1] != x[1] || dy[2] != x[2]) return {};
  const Convolution shape{int(x[0]), int(x[1]), int(x[2]), int(x[3]), int(dy[3])};
  Outputs outputs = allocate({{3, 3, x[3], dy[3]}});
  convolveKernelGradient(shape, numbers(inputs[0]), numbers(inputs[1]), numbers(outputs[0]));
  return outputs;
}

Batch batchOf(const Shape &x) { return {long(x[0] * x[1] * x[2]), int(x[3])}; }

// Inputs: x, γ, β, ε; optionally a shortcut. Outputs: y and the four statistics.
Outputs normalization(const Inputs &inputs, bool withRelu) {
  if (inputs.size() != 4 && inputs.size() != 5) return {};
  const Shape x = shapeOf(inputs[0]);
  if (!areImages(x) || shapeOf(inputs[1]) != Shape{x[3]} || shapeOf(inputs[2]) != Shape{x[3]}) return {};
  if (TF_TensorElementCount(inputs[3]) != 1 || (inputs.size() == 5 && shapeOf(inputs[4]) != x)) return {};
  Outputs outputs = allocate({x, {x[3]}, {x[3]}, {x[3]}, {x[3]}});
  const Statistics statistics{numbers(outputs[1]), numbers(outputs[2]), numbers(outputs[3]), numbers(outputs[4])};
  normalize(batchOf(x), numbers(inputs[0]), numbers(inputs[1]), numbers(inputs[2]), *numbers(inputs[3]),
            inputs.size() == 5 ? numbers(inputs[4]) : nullptr, withRelu, statistics, numbers(outputs[0]));
  return outputs;
}

// Inputs: dy, x, γ, mean, 1 / √(variance + ε), β; y if there was a shortcut. Outputs: dx, dγ, dβ; the shortcut's
// gradient if there was one.
Outputs normalizationGradient(const Inputs &inputs, bool withRelu) {
  if (inputs.size() != 6 && inputs.size() != 7) return {};
  const Shape x = shapeOf(inputs[1]);
  if (!areImages(x) || shapeOf(inputs[0]) != x || (inputs.size() == 7 && shapeOf(inputs[6]) != x)) return {};
  for (int i = 2; i < 6; i++)
    if (shapeOf(inputs[i]) != Shape{x[3]}) return {};
  const bool hasShortcut = inputs.size() == 7;
  Outputs outputs = hasShortcut ? allocate({x, {x[3]}, {x[3]}, x}) : allocate({x, {x[3]}, {x[3]}});
  const Statistics statistics{numbers(inputs[3]), nullptr, numbers(inputs[4]), numbers(inputs[5])};
  const NormalizationGradient gradient{numbers(outputs[0]), numbers(outputs[1]), numbers(outputs[2]),
                                       hasShortcut ? numbers(outputs[3]) : nullptr};
  normalizeGradient(batchOf(x), numbers(inputs[0]), numbers(inputs[1]), hasShortcut ? numbers(inputs[6]) : nullptr,
                    numbers(inputs[2]), statistics, withRelu, gradient);
  return outputs;
}

}  // namespace

bool canRun() { return hasInstructions(); }

Outputs run(const std::string &name, const Inputs &inputs) {
  for (const TF_Tensor *input : inputs)
    if (TF_TensorType(input) != TF_FLOAT) return {};
  if (name == "LabConvolve") return convolution(inputs, false);
  if (name == "LabConvolveRelu") return convolution(inputs, true);
  if (name == "LabConvolveInputGradient") return inputGradient(inputs);
  if (name == "LabConvolveKernelGradient") return kernelGradient(inputs);
  if (name == "LabNormalize") return normalization(inputs, false);
  if (name == "LabNormalizeRelu") return normalization(inputs, true);
  if (name == "LabNormalizeGradient") return normalizationGradient(inputs, false);
  if (name == "LabNormalizeReluGradient") return normalizationGradient(inputs, true);
  return {};
}

}  // namespace lab
