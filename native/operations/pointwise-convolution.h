// Pointwise (1×1) convolutions, forward and the gradient of their input: matrix products with a row for each pixel.
#pragma once
#include "epilogue.h"

namespace lab {

// y = epilogue(x · kernel): x is [pixels, inputs], the kernel [inputs, outputs], y [pixels, outputs]. The number of
// outputs is a multiple of 16.
void convolvePixels(long pixels, int inputs, int outputs, const float *x, const float *kernel,
                    const Epilogue &epilogue, float *y);

// dx = dy · kernelᵀ. The numbers of inputs and of outputs are multiples of 16.
void convolvePixelsInputGradient(long pixels, int inputs, int outputs, const float *dy, const float *kernel,
                                 float *dx);

}  // namespace lab
