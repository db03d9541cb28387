// The epilogue of a convolution: what happens to its sums before they are written to memory.
#pragma once
#include "vector.h"

namespace lab {

// relu(sum + bias + shortcut). The bias has one number for each output channel, the shortcut as many numbers as the
// result; null leaves either of them out.
struct Epilogue {
  const float *bias, *shortcut;
  bool withRelu;

  bool isEmpty() const { return !bias && !shortcut && !withRelu; }

  // `index` is the index of the vector's first number in the result, `channel` that number's channel.
  Vector operator()(Vector sum, long index, int channel) const {
    if (bias) sum += load(bias + channel);
    if (shortcut) sum += load(shortcut + index);
    return withRelu ? relu(sum) : sum;
  }
};

}  // namespace lab
