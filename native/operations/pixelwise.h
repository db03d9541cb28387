// 1×1 convolutions, forwards and back to their input: products of matrices, a row for each pixel.
#pragma once
#include "finish.h"

namespace lab {

// y = x · kernel, and what follows: x is [count, inputs], the kernel [inputs, outputs], y [count, outputs]. Outputs
// come in sixteens.
void multiplyPixels(long count, int inputs, int outputs, const float *x, const float *kernel, const Finish &finish,
                    float *y);

// What x is to change by: dy · kernelᵀ. Inputs and outputs come in sixteens.
void multiplyByTransposed(long count, int inputs, int outputs, const float *dy, const float *kernel, float *dx);

}  // namespace lab
