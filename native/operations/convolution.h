// 3×3 convolutions of stride 1 that keep height and width, and their gradients.
#pragma once
#include "epilogue.h"

namespace lab {

// Images are [count, height, width, channels], kernels [3, 3, inputs, outputs]; inputs and outputs are multiples of 16.
struct Convolution {
  int count, height, width, inputs, outputs;
};

void convolve(const Convolution &shape, const float *x, const float *kernel, const Epilogue &epilogue, float *y);
void convolveInputGradient(const Convolution &shape, const float *dy, const float *kernel, float *dx);
void convolveKernelGradient(const Convolution &shape, const float *x, const float *dy, float *gradient);

}  // namespace lab
