// 3×3 convolutions of stride 1 that keep the map's size, and their gradients.
#pragma once
#include "finish.h"

namespace lab {

// Images lie as [count, height, width, channels], kernels as [3, 3, inputs, outputs]; channels come in sixteens.
struct Convolution {
  int count, height, width, inputs, outputs;
};

void convolve(const Convolution &shape, const float *x, const float *kernel, const Finish &finish, float *y);
void convolveInputGradient(const Convolution &shape, const float *dy, const float *kernel, float *dx);
void convolveKernelGradient(const Convolution &shape, const float *x, const float *dy, float *gradient);

}  // namespace lab
