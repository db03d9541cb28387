// Batch normalization in training mode, with a sum and ReLU behind it, and its gradients: each pass over memory does
// all that it can.
#pragma once

namespace lab {

// Numbers lie as [count, channels]; channels come in sixteens.
struct Batch {
  long count;
  int channels;
};

// For each channel: the batch's mean and biased variance, 1 / √(variance + ε), and β as it was.
struct Statistics {
  float *mean, *variance, *inverse, *beta;
};

// y = γ (x − mean) / √(variance + ε) + β + side, and ReLU of it. No side: null.
void normalize(const Batch &batch, const float *x, const float *gamma, const float *beta, float epsilon,
               const float *side, bool relu, const Statistics &statistics, float *y);

struct NormalizationGradient {
  float *dx, *dGamma, *dBeta;
  // What `side` is to change by; null where there was none.
  float *dSide;
};

// Y is what ReLU gave; it is read only where there was a side.
void normalizeGradient(const Batch &batch, const float *dy, const float *x, const float *y, const float *gamma,
                       const Statistics &statistics, bool relu, const NormalizationGradient &gradient);

}  // namespace lab
