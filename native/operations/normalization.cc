#include "normalization.h"

#include <cmath>
#include <vector>

#include "team.h"
#include "vector.h"

namespace lab {
namespace {

// Rows are worked on in blocks that stay in a core's second cache. The blocks do not depend on the number of threads,
// nor does the order in which their sums are added.
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

// Two sums a channel from every block.
struct Sums {
  std::vector<float> first, second;
  Sums(const Blocks &blocks, int channels)
      : first(static_cast<size_t>(blocks.number()) * channels), second(first.size()) {}
};

// Channels that one thread adds up at a time.
constexpr int together = 64;

template <typename Work>
void forChannels(int channels, const Work &work) {
  team().share((channels + together - 1) / together, [&](int part) {
    for (int c = part * together, end = std::min(channels, c + together); c < end; c++) work(c);
  });
}

// What normalization makes of x, before the side and ReLU. The mean goes first: where it is large beside the spread,
// x · factor would leave no digits for the difference.
Vector normalized(Vector x, const float *mean, const float *factor, const float *beta) {
  return (x - load(mean)) * load(factor) + load(beta);
}

// Mean of each channel, and the squares of what differs from it, block by block: no difference of large sums. The mean
// is added up as differences from the first row, which are as small as the spread.
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
      const Vector off = load(x + row * channels + c) - load(mean + c);
      store(squares + c, load(squares + c) + off * off);
    }
}

}  // namespace

void normalize(const Batch &batch, const float *x, const float *gamma, const float *beta, float epsilon,
               const float *side, bool relu, const Statistics &statistics, float *y) {
  const Blocks blocks(batch);
  const int channels = batch.channels;
  Sums sums(blocks, channels);
  team().share(blocks.number(), [&](int i) {
    const long at = static_cast<long>(i) * channels;
    measureBlock(batch, x, blocks.from(i), blocks.to(i), &sums.first[at], &sums.second[at]);
  });
  // Chan, Golub and LeVeque 1983: the parts' means and squares give the whole's.
  forChannels(channels, [&](int c) {
    double mean = 0, squares = 0;
    for (int i = 0; i < blocks.number(); i++) mean += blocks.size(i) * sums.first[static_cast<long>(i) * channels + c];
    mean /= static_cast<double>(batch.count);
    for (int i = 0; i < blocks.number(); i++) {
      const double off = sums.first[static_cast<long>(i) * channels + c] - mean;
      squares += sums.second[static_cast<long>(i) * channels + c] + blocks.size(i) * off * off;
    }
    const double variance = squares / static_cast<double>(batch.count), inverse = 1 / std::sqrt(variance + epsilon);
    statistics.mean[c] = static_cast<float>(mean);
    statistics.variance[c] = static_cast<float>(variance);
    statistics.inverse[c] = static_cast<float>(inverse);
    statistics.beta[c] = beta[c];
  });
  std::vector<float> factors(channels);
  for (int c = 0; c < channels; c++) factors[c] = gamma[c] * statistics.inverse[c];
  team().share(blocks.number(), [&](int i) {
    for (long row = blocks.from(i); row < blocks.to(i); row++)
      for (int c = 0; c < channels; c += lanes) {
        const long at = row * channels + c;
        Vector sum = normalized(load(x + at), statistics.mean + c, &factors[c], beta + c);
        if (side) sum += load(side + at);
        store(y + at, relu ? positive(sum) : sum);
      }
  });
}

void normalizeGradient(const Batch &batch, const float *dy, const float *x, const float *y, const float *gamma,
                       const Statistics &statistics, bool relu, const NormalizationGradient &gradient) {
  const Blocks blocks(batch);
  const int channels = batch.channels;
  const auto [mean, unused, inverse, beta] = statistics;
  const auto [dx, dGamma, dBeta, dSide] = gradient;
  std::vector<float> factors(channels);
  for (int c = 0; c < channels; c++) factors[c] = gamma[c] * inverse[c];
  // What reaches the normalization through ReLU. Without a side, x tells as well as y where ReLU was open.
  const auto open = [&](long at, int c) {
    const Vector whole = load(dy + at);
    if (!relu) return whole;
    const Vector before = dSide ? load(y + at) : normalized(load(x + at), mean + c, &factors[c], beta + c);
    return before > 0.0f ? whole : Vector{};
  };
  Sums sums(blocks, channels);
  team().share(blocks.number(), [&](int i) {
    const long place = static_cast<long>(i) * channels;
    float *first = &sums.first[place], *second = &sums.second[place];
    for (long row = blocks.from(i); row < blocks.to(i); row++)
      for (int c = 0; c < channels; c += lanes) {
        const long at = row * channels + c;
        const Vector d = open(at, c);
        if (dSide) store(dSide + at, d);
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
  team().share(blocks.number(), [&](int i) {
    for (long row = blocks.from(i); row < blocks.to(i); row++)
      for (int c = 0; c < channels; c += lanes) {
        const long at = row * channels + c;
        const Vector d = dSide ? load(dSide + at) : open(at, c);
        store(dx + at, load(&factors[c]) * d + load(&b[c]) * (load(x + at) - load(mean + c)) + load(&e[c]));
      }
  });
}

}  // namespace lab
