// 3×3 convolutions of stride 1 that keep the map's size, and their gradients; 1×1 convolutions back to their input.
#pragma once

namespace lab {

// Images lie as [count, height, width, channels], kernels as [3, 3, inputs, outputs]; channels come in sixteens.
struct Convolution {
  int count, height, width, inputs, outputs;
};

// What follows each sum: a bias for each output channel, and ReLU. Null: no bias.
struct Finish {
  const float *bias;
  bool relu;
};

void convolve(const Convolution &shape, const float *x, const float *kernel, const Finish &finish, float *y);
void convolveInputGradient(const Convolution &shape, const float *dy, const float *kernel, float *dx);
void convolveKernelGradient(const Convolution &shape, const float *x, const float *dy, float *gradient);

// What a 1×1 convolution's input is to change by: the product of dy [count, outputs] and the transposed kernel. The
// kernel lies as [inputs, outputs], both in sixteens.
void multiplyByTransposed(long count, int inputs, int outputs, const float *dy, const float *kernel, float *dx);

}  // namespace lab
