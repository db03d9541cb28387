// What the operations must give, computed in the plainest way, number by number, in float64.
#pragma once
#include <cmath>
#include <vector>

#include "tensors.h"

namespace check {

using Numbers = std::vector<double>;

// Calls visit(index in the images [count, height, width, in], kernel's index [side, side, in, out], index in the results)
// for each product of a convolution that keeps height and width.
template <typename Visit>
void forProducts(const Shape &x, long out, int side, const Visit &visit) {
  const long height = x[1], width = x[2], in = x[3], margin = side / 2;
  for (long image = 0; image < x[0]; image++)
    for (long top = 0; top < height; top++)
      for (long left = 0; left < width; left++)
        for (long tap = 0; tap < side * side; tap++) {
          const long row = top + tap / side - margin, column = left + tap % side - margin;
          if (row < 0 || column < 0 || row >= height || column >= width) continue;
          const long from = ((image * height + row) * width + column) * in;
          const long to = ((image * height + top) * width + left) * out;
          for (long i = 0; i < in; i++)
            for (long o = 0; o < out; o++) visit(from + i, (tap * in + i) * out + o, to + o);
        }
}

inline Numbers convolved(const TF_Tensor *x, const TF_Tensor *kernel, const TF_Tensor *bias, const TF_Tensor *shortcut,
                         bool withRelu) {
  const Shape shape = shapeOf(x), kernelShape = shapeOf(kernel);
  const long out = kernelShape.back();
  Numbers y(static_cast<size_t>(shape[0] * shape[1] * shape[2] * out));
  forProducts(shape, out, kernelShape.size() == 2 ? 1 : 3,
              [&](long i, long k, long o) { y[o] += double(numbers(x)[i]) * numbers(kernel)[k]; });
  for (size_t o = 0; o < y.size(); o++) {
    if (bias) y[o] += numbers(bias)[static_cast<long>(o) % out];
    if (shortcut) y[o] += numbers(shortcut)[o];
    if (withRelu && y[o] < 0) y[o] = 0;
  }
  return y;
}

inline Numbers inputGradient(const TF_Tensor *dy, const TF_Tensor *kernel) {
  const Shape shape = shapeOf(dy), kernelShape = shapeOf(kernel);
  const Shape xShape{shape[0], shape[1], shape[2], kernelShape[kernelShape.size() - 2]};
  Numbers dx(static_cast<size_t>(sizeOf(xShape)));
  forProducts(xShape, shape[3], kernelShape.size() == 2 ? 1 : 3,
              [&](long i, long k, long o) { dx[i] += double(numbers(dy)[o]) * numbers(kernel)[k]; });
  return dx;
}

inline Numbers kernelGradient(const TF_Tensor *x, const TF_Tensor *dy) {
  const Shape shape = shapeOf(x);
  const long out = shapeOf(dy)[3];
  Numbers gradient(static_cast<size_t>(9 * shape[3] * out));
  forProducts(shape, out, 3,
              [&](long i, long k, long o) { gradient[k] += double(numbers(x)[i]) * numbers(dy)[o]; });
  return gradient;
}

struct Normalized {
  Numbers y, mean, variance, inverse;
};

inline Normalized normalized(const TF_Tensor *x, const TF_Tensor *gamma, const TF_Tensor *beta, double epsilon,
                             const TF_Tensor *shortcut, bool withRelu) {
  const long channels = shapeOf(x)[3], rows = sizeOf(shapeOf(x)) / channels;
  Normalized result{Numbers(rows * channels), Numbers(channels), Numbers(channels), Numbers(channels)};
  for (long c = 0; c < channels; c++) {
    double &mean = result.mean[c], &variance = result.variance[c];
    for (long row = 0; row < rows; row++) mean += numbers(x)[row * channels + c] / double(rows);
    for (long row = 0; row < rows; row++) variance += std::pow(numbers(x)[row * channels + c] - mean, 2) / double(rows);
    result.inverse[c] = 1 / std::sqrt(variance + epsilon);
    for (long at = c; at < rows * channels; at += channels) {
      double sum = (numbers(x)[at] - mean) * result.inverse[c] * numbers(gamma)[c] + numbers(beta)[c];
      if (shortcut) sum += numbers(shortcut)[at];
      result.y[at] = withRelu && sum < 0 ? 0 : sum;
    }
  }
  return result;
}

struct NormalizedGradient {
  Numbers dx, dGamma, dBeta, dSum;
};

// dSum: the gradient of the sum before ReLU, which is also the shortcut's.
inline NormalizedGradient normalizedGradient(const TF_Tensor *dy, const TF_Tensor *x, const TF_Tensor *gamma,
                                             const Normalized &forward, bool withRelu) {
  const long channels = shapeOf(x)[3], rows = sizeOf(shapeOf(x)) / channels;
  NormalizedGradient result{Numbers(rows * channels), Numbers(channels), Numbers(channels), Numbers(rows * channels)};
  for (long c = 0; c < channels; c++) {
    const auto deviation = [&](long at) { return (numbers(x)[at] - forward.mean[c]) * forward.inverse[c]; };
    for (long at = c; at < rows * channels; at += channels) {
      const double d = result.dSum[at] = withRelu && !(forward.y[at] > 0) ? 0 : numbers(dy)[at];
      result.dBeta[c] += d;
      result.dGamma[c] += d * deviation(at);
    }
    for (long at = c; at < rows * channels; at += channels)
      result.dx[at] = numbers(gamma)[c] * forward.inverse[c]
                      * (result.dSum[at] - (result.dBeta[c] + deviation(at) * result.dGamma[c]) / double(rows));
  }
  return result;
}

}  // namespace check
