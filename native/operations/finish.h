// What follows a convolution's sums before they are left in memory.
#pragma once
#include "vector.h"

namespace lab {

// A bias for each output channel, a side (as many numbers as the result) that is added, ReLU. Null: none.
struct Finish {
  const float *bias, *side;
  bool relu;

  bool isNothing() const { return !bias && !side && !relu; }

  // The vector that will lie at `place` of the result, from `channel` on.
  Vector operator()(Vector sum, long place, int channel) const {
    if (bias) sum += load(bias + channel);
    if (side) sum += load(side + place);
    return relu ? positive(sum) : sum;
  }
};

}  // namespace lab
