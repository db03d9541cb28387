// Batch normalization in training mode, fused with a shortcut's addition and ReLU, forward and backward. Each pass over
// memory does as much as it can.
#pragma once

namespace lab {

// [count, channels]: the numbers of a channel are normalized together. The number of channels is a multiple of 16.
struct Batch {
  long count;
  int channels;
};

// For each channel: the batch's mean and biased variance, 1 / √(variance + ε), and a copy of β.
struct Statistics {
  float *mean, *variance, *inverse, *beta;
};

// y = relu(γ (x − mean) / √(variance + ε) + β + shortcut). A null `shortcut` leaves out the addition.
void normalize(const Batch &batch, const float *x, const float *gamma, const float *beta, float epsilon,
               const float *shortcut, bool withRelu, const Statistics &statistics, float *y);

struct NormalizationGradient {
  float *dx, *dGamma, *dBeta;
  // Null if there was no shortcut.
  float *dShortcut;
};

// y is the output of the forward pass; it is read only if there was a shortcut.
void normalizeGradient(const Batch &batch, const float *dy, const float *x, const float *y, const float *gamma,
                       const Statistics &statistics, bool withRelu, const NormalizationGradient &gradient);

}  // namespace lab
