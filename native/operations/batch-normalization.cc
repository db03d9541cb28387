#include "batch-normalization.h"

#include <cmath>
#include <vector>

#include "thread-pool.h"
#include "vector.h"

namespace lab {
namespace {

// Rows are processed in blocks that fit into a core's second-level cache. Neither the blocks nor the order in which
// their sums are added depend on the number of threads, so that the result does not, either.
class Blocks {
 public:
  explicit Blocks(const Batch &batch) : count_(batch.count), rows_(std::max(1L, 32768L / batch.channels)) {}

  int number() const { return static_cast<int>((count_ + rows_ - 1) / rows_); }
  long from(int block) const { return block * rows_; }
  long to(int block) const { return std::min(count_, (block + 1) * rows_); }
  double size(int block) const { return static_cast<double>(to(block) - from(block)); }

 private:
  long count_, rows_;
};

// Two sums for each channel of each block.
struct Sums {
  std::vector<float> first, second;
  Sums(const Blocks &blocks, int channels)
      : first(static_cast<size_t>(blocks.number()) * channels), second(first.size()) {}
};

// Channels in one part of a parallel task.
constexpr int channelsPerPart = 64;

template <typename Work>
void forChannels(int channels, const Work &work) {
  threadPool().parallelFor((channels + channelsPerPart - 1) / channelsPerPart, [&](int part) {
    for (int c = part * channelsPerPart, end = std::min(channels, c + channelsPerPart); c < end; c++) work(c);
  });
}

// γ · x̂ + β. The mean is subtracted before the multiplication: where it is much larger than the deviation, the product
// x · factor would keep no digits of the difference.
Vector normalized(Vector x, const float *mean, const float *factor, const float *beta) {
  return (x - load(mean)) * load(factor) + load(beta);
}

// The mean of each channel in a block, and the sum of squared differences from it. Nowhere are two large sums
// subtracted: the mean is the first row plus the mean difference from it, and these differences are small.
void measureBlock(const Batch &batch, const float *x, long from, long to, float *mean, float *squares) {
  const int channels = batch.channels;
  const float share = 1.0f / static_cast<float>(to - from);
  const float *first = x + from * channels;
  std::fill(mean, mean + channels, 0.0f);
  std::fill(squares, squares + channels, 0.0f);
  for (long row = from + 1; row < to; row++)
    for (int c = 0; c < channels; c += lanes)
      store(mean + c, load(mean + c) + (load(x + row * channels + c) - load(first + c)));
  for (int c = 0; c < channels; c += lanes) store(mean + c, load(first + c) + share * load(mean + c));
  for (long row = from; row < to; row++)
    for (int c = 0; c < channels; c += lanes) {
      const Vector difference = load(x + row * channels + c) - load(mean + c);
      store(squares + c, load(squares + c) + difference * difference);
    }
}

}  // namespace

void normalize(const Batch &batch, const float *x, const float *gamma, const float *beta, float epsilon,
               const float *shortcut, bool withRelu, const Statistics &statistics, float *y) {
  const Blocks blocks(batch);
  const int channels = batch.channels;
  Sums sums(blocks, channels);
  threadPool().parallelFor(blocks.number(), [&](int i) {
    const long at = static_cast<long>(i) * channels;
    measureBlock(batch, x, blocks.from(i), blocks.to(i), &sums.first[at], &sums.second[at]);
  });
  // Means and squares of all blocks combined into those of the batch (Chan, Golub and LeVeque 1983).
  forChannels(channels, [&](int c) {
    double mean = 0, squares = 0;
    for (int i = 0; i < blocks.number(); i++) mean += blocks.size(i) * sums.first[static_cast<long>(i) * channels + c];
    mean /= static_cast<double>(batch.count);
    for (int i = 0; i < blocks.number(); i++) {
      const double difference = sums.first[static_cast<long>(i) * channels + c] - mean;
      squares += sums.second[static_cast<long>(i) * channels + c] + blocks.size(i) * difference * difference;
    }
    const double variance = squares / static_cast<double>(batch.count), inverse = 1 / std::sqrt(variance + epsilon);
    statistics.mean[c] = static_cast<float>(mean);
    statistics.variance[c] = static_cast<float>(variance);
    statistics.inverse[c] = static_cast<float>(inverse);
    statistics.beta[c] = beta[c];
  });
  std::vector<float> factors(channels);
  for (int c = 0; c < channels; c++) factors[c] = gamma[c] * statistics.inverse[c];
  threadPool().parallelFor(blocks.number(), [&](int i) {
    for (long row = blocks.from(i); row < blocks.to(i); row++)
      for (int c = 0; c < channels; c += lanes) {
        const long at = row * channels + c;
        Vector sum = normalized(load(x + at), statistics.mean + c, &factors[c], beta + c);
        if (shortcut) sum += load(shortcut + at);
        store(y + at, withRelu ? relu(sum) : sum);
      }
  });
}

void normalizeGradient(const Batch &batch, const float *dy, const float *x, const float *y, const float *gamma,
                       const Statistics &statistics, bool withRelu, const NormalizationGradient &gradient) {
  const Blocks blocks(batch);
  const int channels = batch.channels;
  const auto [mean, unused, inverse, beta] = statistics;
  const auto [dx, dGamma, dBeta, dShortcut] = gradient;
  std::vector<float> factors(channels);
  for (int c = 0; c < channels; c++) factors[c] = gamma[c] * inverse[c];
  // The gradient of the sum before ReLU: dy where that sum is positive. Without a shortcut the sum follows from x, so
  // that y need not be kept.
  const auto throughRelu = [&](long at, int c) {
    const Vector dOutput = load(dy + at);
    if (!withRelu) return dOutput;
    const Vector sum = dShortcut ? load(y + at) : normalized(load(x + at), mean + c, &factors[c], beta + c);
    return sum > 0.0f ? dOutput : Vector{};
  };
  Sums sums(blocks, channels);
  threadPool().parallelFor(blocks.number(), [&](int i) {
    const long start = static_cast<long>(i) * channels;
    float *first = &sums.first[start], *second = &sums.second[start];
    for (long row = blocks.from(i); row < blocks.to(i); row++)
      for (int c = 0; c < channels; c += lanes) {
        const long at = row * channels + c;
        const Vector d = throughRelu(at, c);
        if (dShortcut) store(dShortcut + at, d);
        store(first + c, load(first + c) + d);
        store(second + c, load(second + c) + d * (load(x + at) - load(mean + c)));
      }
  });
  // dx = a dy + b (x − mean) + e
  std::vector<float> b(channels), e(channels);
  forChannels(channels, [&](int c) {
    double first = 0, second = 0;
    for (int i = 0; i < blocks.number(); i++) {
      first += sums.first[static_cast<long>(i) * channels + c];
      second += sums.second[static_cast<long>(i) * channels + c];
    }
    const double count = static_cast<double>(batch.count);
    dBeta[c] = static_cast<float>(first);
    dGamma[c] = static_cast<float>(second * inverse[c]);
    b[c] = static_cast<float>(-factors[c] * inverse[c] * inverse[c] * second / count);
    e[c] = static_cast<float>(-factors[c] * first / count);
  });
  threadPool().parallelFor(blocks.number(), [&](int i) {
    for (long row = blocks.from(i); row < blocks.to(i); row++)
      for (int c = 0; c < channels; c += lanes) {
        const long at = row * channels + c;
        const Vector d = dShortcut ? load(dShortcut + at) : throughRelu(at, c);
        store(dx + at, load(&factors[c]) * d + load(&b[c]) * (load(x + at) - load(mean + c)) + load(&e[c]));
      }
  });
}

}  // namespace lab
