// 3×3 convolutions of stride 1 that keep the map's size, and their gradients, on the processor.
#pragma once

namespace lab {

// Images lie as [count, height, width, channels], kernels as [3, 3, inputs, outputs].
struct Convolution {
  int count, height, width, inputs, outputs;
};

// Whether this processor has what this file was compiled for.
bool canConvolve();

// Channels come in sixteens.
bool fits(const Convolution &shape);

// What follows each sum: a bias for each output channel, and ReLU. Null: no bias.
struct Finish {
  const float *bias;
  bool relu;
};

void convolve(const Convolution &shape, const float *x, const float *kernel, const Finish &finish, float *y);
void convolveInputGradient(const Convolution &shape, const float *dy, const float *kernel, float *dx);
void convolveKernelGradient(const Convolution &shape, const float *x, const float *dy, float *gradient);

}  // namespace lab
