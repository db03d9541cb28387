#include "operations.h"

#include "convolution.h"
#include "normalization.h"
#include "pixelwise.h"

#if defined(__AVX2__)
#include <cpuid.h>
#endif

namespace lab {
namespace {

using Inputs = std::vector<const TF_Tensor *>;
using Sides = std::vector<int64_t>;

Sides sidesOf(const TF_Tensor *tensor) {
  Sides sides(TF_NumDims(tensor));
  for (size_t i = 0; i < sides.size(); i++) sides[i] = TF_Dim(tensor, static_cast<int>(i));
  return sides;
}

float *numbers(const TF_Tensor *tensor) { return static_cast<float *>(TF_TensorData(tensor)); }
float *numbers(const Outputs::value_type &tensor) { return numbers(tensor.get()); }

Outputs allocate(const std::vector<Sides> &all) {
  Outputs outputs;
  for (const Sides &sides : all) {
    size_t bytes = sizeof(float);
    for (const int64_t side : sides) bytes *= side;
    outputs.emplace_back(TF_AllocateTensor(TF_FLOAT, sides.data(), static_cast<int>(sides.size()), bytes));
    if (!outputs.back() || !TF_TensorData(outputs.back().get())) throw std::bad_alloc();
  }
  return outputs;
}

bool inSixteens(int64_t channels) { return channels > 0 && channels % 16 == 0; }

// Images that there are: [count, height, width, channels], none of them 0, channels in sixteens.
bool areImages(const Sides &sides) {
  return sides.size() == 4 && sides[0] * sides[1] * sides[2] > 0 && inSixteens(sides[3]);
}

bool isWindow(const Sides &kernel) { return kernel.size() == 4 && kernel[0] == 3 && kernel[1] == 3; }

// x, kernel (3×3, or a matrix [inputs, outputs]), and perhaps a bias, and a side.
Outputs convolution(const Inputs &inputs, bool relu) {
  if (inputs.size() < 2 || inputs.size() > 4) return {};
  const Sides x = sidesOf(inputs[0]), kernel = sidesOf(inputs[1]);
  const bool pixels = kernel.size() == 2;
  if (!areImages(x) || !(pixels || isWindow(kernel)) || kernel[kernel.size() - 2] != x[3]) return {};
  if (!inSixteens(kernel.back())) return {};
  const Sides sides{x[0], x[1], x[2], kernel.back()};
  if (inputs.size() > 2 && sidesOf(inputs[2]) != Sides{sides[3]}) return {};
  if (inputs.size() > 3 && sidesOf(inputs[3]) != sides) return {};
  Outputs outputs = allocate({sides});
  float *y = numbers(outputs[0]);
  const float *bias = inputs.size() > 2 ? numbers(inputs[2]) : nullptr;
  const Finish finish{bias, inputs.size() > 3 ? numbers(inputs[3]) : nullptr, relu};
  const Convolution shape{int(x[0]), int(x[1]), int(x[2]), int(x[3]), int(sides[3])};
  if (pixels)
    multiplyPixels(long(x[0] * x[1] * x[2]), shape.inputs, shape.outputs, numbers(inputs[0]), numbers(inputs[1]),
                   finish, y);
  else
    convolve(shape, numbers(inputs[0]), numbers(inputs[1]), finish, y);
  return outputs;
}

// dy, kernel: 3×3, or a matrix [inputs, outputs].
Outputs inputGradient(const Inputs &inputs) {
  if (inputs.size() != 2) return {};
  const Sides dy = sidesOf(inputs[0]), kernel = sidesOf(inputs[1]);
  const bool pixels = kernel.size() == 2;
  if (!areImages(dy) || !(pixels || isWindow(kernel)) || kernel.back() != dy[3]) return {};
  const int64_t channels = kernel[kernel.size() - 2];
  if (!inSixteens(channels)) return {};
  Outputs outputs = allocate({{dy[0], dy[1], dy[2], channels}});
  float *dx = numbers(outputs[0]);
  if (pixels) {
    multiplyByTransposed(dy[0] * dy[1] * dy[2], int(channels), int(dy[3]), numbers(inputs[0]), numbers(inputs[1]),
                         dx);
  } else {
    const Convolution shape{int(dy[0]), int(dy[1]), int(dy[2]), int(channels), int(dy[3])};
    convolveInputGradient(shape, numbers(inputs[0]), numbers(inputs[1]), dx);
  }
  return outputs;
}

// x, dy
Outputs kernelGradient(const Inputs &inputs) {
  if (inputs.size() != 2) return {};
  const Sides x = sidesOf(inputs[0]), dy = sidesOf(inputs[1]);
  if (!areImages(x) || !areImages(dy)) return {};
  if (dy[0] != x[0] || dy[1] != x[1] || dy[2] != x[2]) return {};
  const Convolution shape{int(x[0]), int(x[1]), int(x[2]), int(x[3]), int(dy[3])};
  Outputs outputs = allocate({{3, 3, x[3], dy[3]}});
  convolveKernelGradient(shape, numbers(inputs[0]), numbers(inputs[1]), numbers(outputs[0]));
  return outputs;
}

Batch batchOf(const Sides &x) { return {long(x[0] * x[1] * x[2]), int(x[3])}; }

// x, γ, β, ε, and perhaps a side; gives y and the four statistics.
Outputs normalization(const Inputs &inputs, bool relu) {
  if (inputs.size() != 4 && inputs.size() != 5) return {};
  const Sides x = sidesOf(inputs[0]);
  if (!areImages(x) || sidesOf(inputs[1]) != Sides{x[3]} || sidesOf(inputs[2]) != Sides{x[3]}) return {};
  if (TF_TensorElementCount(inputs[3]) != 1 || (inputs.size() == 5 && sidesOf(inputs[4]) != x)) return {};
  Outputs outputs = allocate({x, {x[3]}, {x[3]}, {x[3]}, {x[3]}});
  const Statistics statistics{numbers(outputs[1]), numbers(outputs[2]), numbers(outputs[3]), numbers(outputs[4])};
  normalize(batchOf(x), numbers(inputs[0]), numbers(inputs[1]), numbers(inputs[2]), *numbers(inputs[3]),
            inputs.size() == 5 ? numbers(inputs[4]) : nullptr, relu, statistics, numbers(outputs[0]));
  return outputs;
}

// dy, x, γ, mean, 1 / σ, β, and y where there was a side; gives dx, dγ, dβ, and dSide with a side.
Outputs normalizationGradient(const Inputs &inputs, bool relu) {
  if (inputs.size() != 6 && inputs.size() != 7) return {};
  const Sides x = sidesOf(inputs[1]);
  if (!areImages(x) || sidesOf(inputs[0]) != x || (inputs.size() == 7 && sidesOf(inputs[6]) != x)) return {};
  for (int i = 2; i < 6; i++)
    if (sidesOf(inputs[i]) != Sides{x[3]}) return {};
  const bool side = inputs.size() == 7;
  Outputs outputs = side ? allocate({x, {x[3]}, {x[3]}, x}) : allocate({x, {x[3]}, {x[3]}});
  const Statistics statistics{numbers(inputs[3]), nullptr, numbers(inputs[4]), numbers(inputs[5])};
  const NormalizationGradient gradient{numbers(outputs[0]), numbers(outputs[1]), numbers(outputs[2]),
                                       side ? numbers(outputs[3]) : nullptr};
  normalizeGradient(batchOf(x), numbers(inputs[0]), numbers(inputs[1]), side ? numbers(inputs[6]) : nullptr,
                    numbers(inputs[2]), statistics, relu, gradient);
  return outputs;
}

}  // namespace

// Asks the processor itself: __builtin_cpu_supports needs a runtime library that not every compiler brings.
bool canRun() {
#if defined(__AVX2__)
  unsigned a, b, c, d, low, high;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE) || !(c & bit_FMA)) return false;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
#if defined(__AVX512F__)
  constexpr unsigned needed = bit_AVX2 | bit_AVX512F | bit_AVX512VL | bit_AVX512BW | bit_AVX512DQ, kept = 0xe6;
#else
  constexpr unsigned needed = bit_AVX2, kept = 0x06;
#endif
  // Kept: the registers that the operating system saves when it changes programs.
  return (b & needed) == needed && (low & kept) == kept;
#else
  return false;
#endif
}

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
