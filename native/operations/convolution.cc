#include "convolution.h"

#include <cstdlib>
#include <memory>
#include <new>

#include "matrix-product.h"
#include "pointwise-convolution.h"
#include "thread-pool.h"

namespace lab {
namespace {

// Memory for intermediate results. It is kept for the next call, and grows to the size that the largest call needs.
class Scratch {
 public:
  float *reserve(size_t numbers) {
    if (numbers > size_) {
      memory_.reset();
      size_ = 0;
      memory_.reset(static_cast<float *>(std::aligned_alloc(64, (4 * numbers + 63) / 64 * 64)));
      if (!memory_) throw std::bad_alloc();
      size_ = numbers;
    }
    return memory_.get();
  }

 private:
  struct Free {
    void operator()(float *memory) const { std::free(memory); }
  };
  std::unique_ptr<float, Free> memory_;
  size_t size_ = 0;
};

Scratch &transformedKernels() {
  static Scratch scratch;
  return scratch;
}

// --- Larger maps: Winograd's F(2×2, 3×3), after Lavin and Gray (2016). A tile of 2×2 outputs takes 16 multiplications
// instead of 36: 4×4 transformed inputs times a 4×4 transformed kernel, element by element.

// Elements of a transformed tile. All tiles' first elements form a matrix, all second elements another one, …
constexpr int elements = 16;

// The 2×2 tiles of all images. Where a side is odd, the last tiles reach beyond the image.
struct Tiles {
  const Convolution &shape;
  int across() const { return (shape.width + 1) / 2; }
  int down() const { return (shape.height + 1) / 2; }
  int count() const { return shape.count * down() * across(); }
};

struct Tile {
  int image, top, left;
  Tile(int image, int top, int left) : image(image), top(top), left(left) {}
  Tile(const Tiles &tiles, int number)
      : image(number / (tiles.down() * tiles.across())), top(number / tiles.across() % tiles.down() * 2),
        left(number % tiles.across() * 2) {}
};

// The channels of pixel (y, x) of the tile; null outside of the image.
template <typename Number>
Number *pixel(Number *images, const Convolution &shape, int channels, const Tile &tile, int y, int x) {
  y += tile.top;
  x += tile.left;
  if (y < 0 || x < 0 || y >= shape.height || x >= shape.width) return nullptr;
  return images + ((static_cast<long>(tile.image) * shape.height + y) * shape.width + x) * channels;
}

// Bᵀ d B of the 4×4 pixels d around tiles `from` … `to` − 1. The matrix of the next element begins `stride` numbers
// further on.
void transformInputs(const Tiles &tiles, const float *x, int channels, int from, int to, float *out, long stride) {
  for (int number = from; number < to; number++, out += channels) {
    const Tile tile(tiles, number);
    const float *pixels[elements];
    for (int i = 0; i < elements; i++) pixels[i] = pixel(x, tiles.shape, channels, tile, i / 4 - 1, i % 4 - 1);
    for (int c = 0; c < channels; c += lanes) {
      Vector d[elements], rows[elements];
      for (int i = 0; i < elements; i++) d[i] = pixels[i] ? load(pixels[i] + c) : Vector{};
      for (int j = 0; j < 4; j++) {
        rows[j] = d[j] - d[8 + j];
        rows[4 + j] = d[4 + j] + d[8 + j];
        rows[8 + j] = d[8 + j] - d[4 + j];
        rows[12 + j] = d[4 + j] - d[12 + j];
      }
      for (int i = 0; i < elements; i += 4) {
        float *to4 = out + i * stride + c;
        store(to4, rows[i] - rows[i + 2]);
        store(to4 + stride, rows[i + 1] + rows[i + 2]);
        store(to4 + 2 * stride, rows[i + 2] - rows[i + 1]);
        store(to4 + 3 * stride, rows[i + 1] - rows[i + 3]);
      }
    }
  }
}

// Aᵀ m A: the 2×2 outputs of tiles `from` … `to` − 1.
void transformOutputs(const Tiles &tiles, const float *m, int channels, int from, int to, long stride,
                      const Epilogue &epilogue, float *y) {
  for (int number = from; number < to; number++, m += channels) {
    const Tile tile(tiles, number);
    float *pixels[4];
    for (int i = 0; i < 4; i++) pixels[i] = pixel(y, tiles.shape, channels, tile, i / 2, i % 2);
    for (int c = 0; c < channels; c += lanes) {
      Vector rows[8];
      for (int j = 0; j < 4; j++) {
        const float *from4 = m + j * stride + c;
        const Vector second = load(from4 + 4 * stride), third = load(from4 + 8 * stride);
        rows[j] = load(from4) + second + third;
        rows[4 + j] = second - third - load(from4 + 12 * stride);
      }
      for (int i = 0; i < 4; i++) {
        if (!pixels[i]) continue;
        const Vector *row = rows + i / 2 * 4;
        const Vector sum = i % 2 == 0 ? row[0] + row[1] + row[2] : row[1] - row[2] - row[3];
        store(pixels[i] + c, epilogue(sum, pixels[i] + c - y, c));
      }
    }
  }
}

// A dy Aᵀ: gradients of the transformed outputs of tiles `from` … `to` − 1.
void transformOutputGradients(const Tiles &tiles, const float *dy, int channels, int from, int to, float *out,
                              long stride) {
  for (int number = from; number < to; number++, out += channels) {
    const Tile tile(tiles, number);
    const float *pixels[4];
    for (int i = 0; i < 4; i++) pixels[i] = pixel(dy, tiles.shape, channels, tile, i / 2, i % 2);
    for (int c = 0; c < channels; c += lanes) {
      Vector d[4];
      for (int i = 0; i < 4; i++) d[i] = pixels[i] ? load(pixels[i] + c) : Vector{};
      const Vector rows[8] = {d[0], d[1], d[0] + d[2], d[1] + d[3], d[0] - d[2], d[1] - d[3], -d[2], -d[3]};
      for (int i = 0; i < 4; i++) {
        float *to4 = out + 4 * i * stride + c;
        store(to4, rows[2 * i]);
        store(to4 + stride, rows[2 * i] + rows[2 * i + 1]);
        store(to4 + 2 * stride, rows[2 * i] - rows[2 * i + 1]);
        store(to4 + 3 * stride, -rows[2 * i + 1]);
      }
    }
  }
}

// G g Gᵀ for one input channel: nine numbers become sixteen. `turned` turns the kernel by 180° first.
void transformKernel(const Convolution &shape, const float *kernel, int input, bool turned, float *out) {
  const long tapSize = static_cast<long>(shape.inputs) * shape.outputs;
  for (long c = static_cast<long>(input) * shape.outputs, end = c + shape.outputs; c < end; c += lanes) {
    Vector g[9], rows[12];
    for (int i = 0; i < 9; i++) g[i] = load(kernel + (turned ? 8 - i : i) * tapSize + c);
    for (int j = 0; j < 3; j++) {
      const Vector even = 0.5f * (g[j] + g[6 + j]), odd = 0.5f * g[3 + j];
      rows[j] = g[j];
      rows[3 + j] = even + odd;
      rows[6 + j] = even - odd;
      rows[9 + j] = g[6 + j];
    }
    for (int i = 0; i < 4; i++) {
      const Vector *row = rows + 3 * i;
      const Vector even = 0.5f * (row[0] + row[2]), odd = 0.5f * row[1];
      float *to4 = out + 4 * i * tapSize + c;
      store(to4, row[0]);
      store(to4 + tapSize, even + odd);
      store(to4 + 2 * tapSize, even - odd);
      store(to4 + 3 * tapSize, row[2]);
    }
  }
}

// Gᵀ u G for one input channel: a gradient of sixteen numbers becomes one of nine.
void transformKernelGradient(const Convolution &shape, const float *u, int input, float *gradient) {
  const long tapSize = static_cast<long>(shape.inputs) * shape.outputs;
  for (long c = static_cast<long>(input) * shape.outputs, end = c + shape.outputs; c < end; c += lanes) {
    Vector rows[12];
    for (int j = 0; j < 4; j++) {
      const float *from4 = u + j * tapSize + c;
      const Vector second = load(from4 + 4 * tapSize), third = load(from4 + 8 * tapSize);
      const Vector half = 0.5f * (second + third);
      rows[j] = load(from4) + half;
      rows[4 + j] = 0.5f * (second - third);
      rows[8 + j] = half + load(from4 + 12 * tapSize);
    }
    for (int i = 0; i < 3; i++) {
      const Vector *row = rows + 4 * i;
      const Vector half = 0.5f * (row[1] + row[2]);
      float *to3 = gradient + 3 * i * tapSize + c;
      store(to3, row[0] + half);
      store(to3 + tapSize, 0.5f * (row[1] - row[2]));
      store(to3 + 2 * tapSize, half + row[3]);
    }
  }
}

// Input channels of the kernel that one part of a parallel task transforms.
constexpr int channelsPerPart = 8;

// Tiles of one part of a parallel task: few enough that their transformed numbers fit into a core's second-level cache,
// and the same number of parts for each thread.
int tilesPerPart(int tiles, int channels) {
  const int fitting = std::max(32, 65536 / (elements * channels));
  const int parts = (tiles + fitting - 1) / fitting, threads = threadPool().size();
  const int even = (parts + threads - 1) / threads * threads;
  return (tiles + even - 1) / even;
}

// The convolution, or with `backward` the gradient of its input: x is then dy, y is dx, and the kernel turns by 180°.
void convolveTiles(const Convolution &shape, const float *x, const float *kernel, bool backward,
                   const Epilogue &epilogue, float *y) {
  const Tiles tiles{shape};
  const int in = backward ? shape.outputs : shape.inputs, out = backward ? shape.inputs : shape.outputs;
  const long tapSize = static_cast<long>(in) * out;
  float *transformed = transformedKernels().reserve(elements * tapSize);
  threadPool().parallelFor(shape.inputs / channelsPerPart, [&](int part) {
    for (int i = 0; i < channelsPerPart; i++)
      transformKernel(shape, kernel, part * channelsPerPart + i, backward, transformed);
  });
  const int count = tiles.count(), partTiles = tilesPerPart(count, std::max(in, out));
  threadPool().parallelFor((count + partTiles - 1) / partTiles, [&](int part) {
    static thread_local Scratch inputs, outputs;
    static thread_local Strip strip;
    const int from = part * partTiles, to = std::min(count, from + partTiles), rows = to - from;
    float *v = inputs.reserve(static_cast<size_t>(elements) * partTiles * in);
    float *m = outputs.reserve(static_cast<size_t>(elements) * partTiles * out);
    const long vStride = static_cast<long>(rows) * in, mStride = static_cast<long>(rows) * out;
    transformInputs(tiles, x, in, from, to, v, vStride);
    for (int element = 0; element < elements; element++) {
      const float *u = transformed + element * tapSize;
      const Matrix b = backward ? Matrix{u, 1, in} : Matrix{u, out, 1};
      multiply(rows, in, out, {v + element * vStride, in, 1}, b, {m + element * mStride, out}, false, strip);
    }
    transformOutputs(tiles, m, out, from, to, mStride, epilogue, y);
  });
}

void kernelGradientOfTiles(const Convolution &shape, const float *x, const float *dy, float *gradient) {
  static Scratch inputs, outputs;
  const Tiles tiles{shape};
  const int in = shape.inputs, out = shape.outputs, count = tiles.count();
  const long tapSize = static_cast<long>(in) * out;
  const int groupTiles = std::min(count, std::max(64, (1 << 19) / (elements * std::max(in, out))));
  float *u = transformedKernels().reserve(elements * tapSize);
  float *v = inputs.reserve(static_cast<size_t>(elements) * groupTiles * in);
  float *m = outputs.reserve(static_cast<size_t>(elements) * groupTiles * out);
  constexpr int tilesPerTransform = 16;
  for (int from = 0; from < count; from += groupTiles) {
    const int rows = std::min(count - from, groupTiles);
    const long vStride = static_cast<long>(rows) * in, mStride = static_cast<long>(rows) * out;
    threadPool().parallelFor((rows + tilesPerTransform - 1) / tilesPerTransform, [&](int part) {
      const int first = part * tilesPerTransform, last = std::min(rows, first + tilesPerTransform);
      const int a = from + first, b = from + last;
      transformInputs(tiles, x, in, a, b, v + static_cast<long>(first) * in, vStride);
      transformOutputGradients(tiles, dy, out, a, b, m + static_cast<long>(first) * out, mStride);
    });
    threadPool().parallelFor(elements * (in > 64 ? 2 : 1), [&](int part) {
      static thread_local Strip strip;
      const int element = part % elements, half = in > 64 ? in / 2 : in, top = part / elements * half;
      multiply(half, rows, out, {v + element * vStride + top, 1, in}, {m + element * mStride, out, 1},
               {u + element * tapSize + static_cast<long>(top) * out, out}, from > 0, strip);
    });
  }
  threadPool().parallelFor(in / channelsPerPart, [&](int part) {
    for (int i = 0; i < channelsPerPart; i++) transformKernelGradient(shape, u, part * channelsPerPart + i, gradient);
  });
}

// --- Maps of at most 2×2 pixels: each pair of an input pixel and an output pixel is connected by exactly one of the
// kernel's nine taps. One matrix product for each pair, with a row for each image, takes as few multiplications as
// Winograd's method and transforms nothing.

struct Pair {
  int from, to, tap;
};

// All pairs of pixels with the tap that connects them, sorted by tap.
struct Pairs {
  Pair pairs[16];
  int count = 0;
  explicit Pairs(const Convolution &shape) {
    const int pixels = shape.height * shape.width;
    for (int tap = 0; tap < 9; tap++)
      for (int from = 0; from < pixels; from++) {
        const int y = from / shape.width + 1 - tap / 3, x = from % shape.width + 1 - tap % 3;
        if (y >= 0 && x >= 0 && y < shape.height && x < shape.width) pairs[count++] = {from, y * shape.width + x, tap};
      }
  }
};

void convolvePairs(const Convolution &shape, const float *x, const float *kernel, bool backward,
                   const Epilogue &epilogue, float *y) {
  const Pairs pairs(shape);
  const int in = backward ? shape.outputs : shape.inputs, out = backward ? shape.inputs : shape.outputs;
  const int pixels = shape.height * shape.width;
  const long tapSize = static_cast<long>(in) * out;
  threadPool().parallelFor((out + stripWidth - 1) / stripWidth, [&](int part) {
    static thread_local Strip strip;
    const int left = part * stripWidth, width = std::min(stripWidth, out - left);
    bool written[4] = {};
    for (int top = 0; top < in; top += stripDepth) {
      int packed = -1;
      for (int i = 0; i < pairs.count; i++) {
        const auto [a, b, tap] = pairs.pairs[i];
        const int from = backward ? b : a, to = backward ? a : b;
        const float *matrix = kernel + tap * tapSize;
        if (tap != packed)
          strip.pack(backward ? Matrix{matrix, 1, in} : Matrix{matrix, out, 1}, top, std::min(stripDepth, in - top),
                     left, width);
        packed = tap;
        multiply(shape.count, {x + from * in + top, static_cast<long>(pixels) * in, 1}, strip,
                 {y + to * out + left, static_cast<long>(pixels) * out}, written[to]);
        written[to] = true;
      }
    }
    if (epilogue.isEmpty()) return;
    for (long row = 0; row < static_cast<long>(shape.count) * pixels; row++)
      for (int c = left; c < left + width; c += lanes)
        store(y + row * out + c, epilogue(load(y + row * out + c), row * out + c, c));
  });
}

void kernelGradientOfPairs(const Convolution &shape, const float *x, const float *dy, float *gradient) {
  const Pairs pairs(shape);
  const int in = shape.inputs, out = shape.outputs, pixels = shape.height * shape.width;
  const int strips = (out + stripWidth - 1) / stripWidth;
  threadPool().parallelFor(9 * strips, [&](int part) {
    static thread_local Strip strip;
    const int tap = part / strips, left = part % strips * stripWidth, width = std::min(stripWidth, out - left);
    float *to = gradient + static_cast<long>(tap) * in * out + left;
    bool written = false;
    for (int i = 0; i < pairs.count; i++) {
      if (pairs.pairs[i].tap != tap) continue;
      const float *a = x + pairs.pairs[i].from * in, *b = dy + pairs.pairs[i].to * out;
      for (int top = 0; top < shape.count; top += stripDepth) {
        const long skip = static_cast<long>(top) * pixels;
        strip.pack({b + skip * out, static_cast<long>(pixels) * out, 1}, 0, std::min(stripDepth, shape.count - top),
                   left, width);
        multiply(in, {a + skip * in, 1, static_cast<long>(pixels) * in}, strip, {to, out}, written);
        written = true;
      }
    }
    if (written) return;
    for (int i = 0; i < in; i++)
      for (int c = 0; c < width; c += lanes) store(to + static_cast<long>(i) * out + c, Vector{});
  });
}

// --- Few tiles: transforming the kernel would cost more time than the tiles save. The nine inputs of each output are
// copied side by side into a row, and one matrix product multiplies all rows with the kernel.

void convolveGathered(const Convolution &shape, const float *x, const float *kernel, const Epilogue &epilogue,
                      float *y) {
  static Scratch gathered;
  const long in = shape.inputs, count = static_cast<long>(shape.count) * shape.height * shape.width;
  float *rows = gathered.reserve(count * 9 * in), *to = rows;
  for (int image = 0; image < shape.count; image++)
    for (int top = 0; top < shape.height; top++)
      for (int left = 0; left < shape.width; left++)
        for (int i = 0; i < 9; i++, to += in) {
          const float *from = pixel(x, shape, shape.inputs, {image, top, left}, i / 3 - 1, i % 3 - 1);
          if (from) std::copy_n(from, in, to);
          else std::fill_n(to, in, 0.0f);
        }
  convolvePixels(count, 9 * shape.inputs, shape.outputs, rows, kernel, epilogue, y);
}

constexpr int fewestTiles = 32;

bool isTiny(const Convolution &shape) { return shape.height <= 2 && shape.width <= 2; }

}  // namespace

void convolve(const Convolution &shape, const float *x, const float *kernel, const Epilogue &epilogue, float *y) {
  if (isTiny(shape) && shape.count > 1) convolvePairs(shape, x, kernel, false, epilogue, y);
  else if (Tiles{shape}.count() < fewestTiles) convolveGathered(shape, x, kernel, epilogue, y);
  else convolveTiles(shape, x, kernel, false, epilogue, y);
}

void convolveInputGradient(const Convolution &shape, const float *dy, const float *kernel, float *dx) {
  (isTiny(shape) ? convolvePairs : convolveTiles)(shape, dy, kernel, true, {}, dx);
}

void convolveKernelGradient(const Convolution &shape, const float *x, const float *dy, float *gradient) {
  (isTiny(shape) ? kernelGradientOfPairs : kernelGradientOfTiles)(shape, x, dy, gradient);
}

}  // namespace lab
