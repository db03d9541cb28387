#include "convolution.h"

#include <cstdlib>
#include <memory>
#include <new>

#include "pixelwise.h"
#include "product.h"
#include "team.h"

namespace lab {
namespace {

// Memory that stays for the next call, and grows to what the largest one needed.
class Scratch {
 public:
  float *room(size_t numbers) {
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

Scratch &kernels() {
  static Scratch scratch;
  return scratch;
}

// --- Maps of two or more pixels a side: Winograd's F(2×2, 3×3), after Lavin and Gray 2016. A tile of 2×2 outputs
// takes 16 multiplications instead of 36: those of 4×4 transformed inputs by 4×4 transformed kernels.

constexpr int spots = 16;

// The 2×2 tiles of all images, those at odd edges half empty.
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

// The pixel's channels; null outside of the image.
template <typename Number>
Number *pixel(Number *images, const Convolution &shape, int channels, const Tile &tile, int y, int x) {
  y += tile.top;
  x += tile.left;
  if (y < 0 || x < 0 || y >= shape.height || x >= shape.width) return nullptr;
  return images + ((static_cast<long>(tile.image) * shape.height + y) * shape.width + x) * channels;
}

// Bᵀ d B of the 4×4 pixels around tiles `from` … `to` − 1. Numbers of one spot lie `spot` apart from the next spot's.
void transformInputs(const Tiles &tiles, const float *x, int channels, int from, int to, float *out, long spot) {
  for (int number = from; number < to; number++, out += channels) {
    const Tile tile(tiles, number);
    const float *pixels[spots];
    for (int i = 0; i < spots; i++) pixels[i] = pixel(x, tiles.shape, channels, tile, i / 4 - 1, i % 4 - 1);
    for (int c = 0; c < channels; c += lanes) {
      Vector d[spots], rows[spots];
      for (int i = 0; i < spots; i++) d[i] = pixels[i] ? load(pixels[i] + c) : Vector{};
      for (int j = 0; j < 4; j++) {
        rows[j] = d[j] - d[8 + j];
        rows[4 + j] = d[4 + j] + d[8 + j];
        rows[8 + j] = d[8 + j] - d[4 + j];
        rows[12 + j] = d[4 + j] - d[12 + j];
      }
      for (int i = 0; i < spots; i += 4) {
        float *to4 = out + i * spot + c;
        store(to4, rows[i] - rows[i + 2]);
        store(to4 + spot, rows[i + 1] + rows[i + 2]);
        store(to4 + 2 * spot, rows[i + 2] - rows[i + 1]);
        store(to4 + 3 * spot, rows[i + 1] - rows[i + 3]);
      }
    }
  }
}

// Aᵀ m A: the 2×2 outputs of tiles `from` … `to` − 1.
void transformOutputs(const Tiles &tiles, const float *m, int channels, int from, int to, long spot,
                      const Finish &finish, float *y) {
  for (int number = from; number < to; number++, m += channels) {
    const Tile tile(tiles, number);
    float *pixels[4];
    for (int i = 0; i < 4; i++) pixels[i] = pixel(y, tiles.shape, channels, tile, i / 2, i % 2);
    for (int c = 0; c < channels; c += lanes) {
      Vector rows[8];
      for (int j = 0; j < 4; j++) {
        const float *from4 = m + j * spot + c;
        const Vector second = load(from4 + 4 * spot), third = load(from4 + 8 * spot);
        rows[j] = load(from4) + second + third;
        rows[4 + j] = second - third - load(from4 + 12 * spot);
      }
      for (int i = 0; i < 4; i++) {
        if (!pixels[i]) continue;
        const Vector *row = rows + i / 2 * 4;
        const Vector sum = i % 2 == 0 ? row[0] + row[1] + row[2] : row[1] - row[2] - row[3];
        store(pixels[i] + c, finish(sum, pixels[i] + c - y, c));
      }
    }
  }
}

// A dy Aᵀ: what the outputs' gradients of tiles `from` … `to` − 1 are before their transformation.
void transformOutputGradients(const Tiles &tiles, const float *dy, int channels, int from, int to, float *out,
                              long spot) {
  for (int number = from; number < to; number++, out += channels) {
    const Tile tile(tiles, number);
    const float *pixels[4];
    for (int i = 0; i < 4; i++) pixels[i] = pixel(dy, tiles.shape, channels, tile, i / 2, i % 2);
    for (int c = 0; c < channels; c += lanes) {
      Vector d[4];
      for (int i = 0; i < 4; i++) d[i] = pixels[i] ? load(pixels[i] + c) : Vector{};
      const Vector rows[8] = {d[0], d[1], d[0] + d[2], d[1] + d[3], d[0] - d[2], d[1] - d[3], -d[2], -d[3]};
      for (int i = 0; i < 4; i++) {
        float *to4 = out + 4 * i * spot + c;
        store(to4, rows[2 * i]);
        store(to4 + spot, rows[2 * i] + rows[2 * i + 1]);
        store(to4 + 2 * spot, rows[2 * i] - rows[2 * i + 1]);
        store(to4 + 3 * spot, -rows[2 * i + 1]);
      }
    }
  }
}

// G g Gᵀ of kernel row `input`: from nine numbers to sixteen. Turned: the kernel upside down and mirrored.
void transformKernel(const Convolution &shape, const float *kernel, int input, bool turned, float *out) {
  const long tap = static_cast<long>(shape.inputs) * shape.outputs;
  for (long c = static_cast<long>(input) * shape.outputs, end = c + shape.outputs; c < end; c += lanes) {
    Vector g[9], rows[12];
    for (int i = 0; i < 9; i++) g[i] = load(kernel + (turned ? 8 - i : i) * tap + c);
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
      float *to4 = out + 4 * i * tap + c;
      store(to4, row[0]);
      store(to4 + tap, even + odd);
      store(to4 + 2 * tap, even - odd);
      store(to4 + 3 * tap, row[2]);
    }
  }
}

// Gᵀ u G: a kernel row's gradient from sixteen numbers to nine.
void transformKernelGradient(const Convolution &shape, const float *u, int input, float *gradient) {
  const long tap = static_cast<long>(shape.inputs) * shape.outputs;
  for (long c = static_cast<long>(input) * shape.outputs, end = c + shape.outputs; c < end; c += lanes) {
    Vector rows[12];
    for (int j = 0; j < 4; j++) {
      const float *from4 = u + j * tap + c;
      const Vector second = load(from4 + 4 * tap), third = load(from4 + 8 * tap);
      const Vector half = 0.5f * (second + third);
      rows[j] = load(from4) + half;
      rows[4 + j] = 0.5f * (second - third);
      rows[8 + j] = half + load(from4 + 12 * tap);
    }
    for (int i = 0; i < 3; i++) {
      const Vector *row = rows + 4 * i;
      const Vector half = 0.5f * (row[1] + row[2]);
      float *to3 = gradient + 3 * i * tap + c;
      store(to3, row[0] + half);
      store(to3 + tap, 0.5f * (row[1] - row[2]));
      store(to3 + 2 * tap, half + row[3]);
    }
  }
}

// Rows of kernels that one thread transforms at a time.
constexpr int kernelRows = 8;

// Tiles so many that their transformed numbers stay in a core's second cache, shared out evenly.
int tilesAtOnce(int tiles, int channels) {
  const int fitting = std::max(32, 65536 / (spots * channels));
  const int groups = (tiles + fitting - 1) / fitting, team_ = team().size();
  const int even = (groups + team_ - 1) / team_ * team_;
  return (tiles + even - 1) / even;
}

// Forwards, or back to the inputs: then the kernels are turned, and x and y change places.
void convolveTiles(const Convolution &shape, const float *x, const float *kernel, bool back, const Finish &finish,
                   float *y) {
  const Tiles tiles{shape};
  const int in = back ? shape.outputs : shape.inputs, out = back ? shape.inputs : shape.outputs;
  const long tap = static_cast<long>(in) * out;
  float *transformed = kernels().room(spots * tap);
  team().share(shape.inputs / kernelRows, [&](int part) {
    for (int i = 0; i < kernelRows; i++) transformKernel(shape, kernel, part * kernelRows + i, back, transformed);
  });
  const int count = tiles.count(), atOnce = tilesAtOnce(count, std::max(in, out));
  team().share((count + atOnce - 1) / atOnce, [&](int part) {
    static thread_local Scratch inputs, outputs;
    static thread_local Strip strip;
    const int from = part * atOnce, to = std::min(count, from + atOnce), rows = to - from;
    float *v = inputs.room(static_cast<size_t>(spots) * atOnce * in);
    float *m = outputs.room(static_cast<size_t>(spots) * atOnce * out);
    const long vSpot = static_cast<long>(rows) * in, mSpot = static_cast<long>(rows) * out;
    transformInputs(tiles, x, in, from, to, v, vSpot);
    for (int spot = 0; spot < spots; spot++) {
      const float *u = transformed + spot * tap;
      const Matrix b = back ? Matrix{u, 1, in} : Matrix{u, out, 1};
      multiply(rows, in, out, {v + spot * vSpot, in, 1}, b, {m + spot * mSpot, out}, false, strip);
    }
    transformOutputs(tiles, m, out, from, to, mSpot, finish, y);
  });
}

void kernelGradientOfTiles(const Convolution &shape, const float *x, const float *dy, float *gradient) {
  static Scratch inputs, outputs;
  const Tiles tiles{shape};
  const int in = shape.inputs, out = shape.outputs, count = tiles.count();
  const long tap = static_cast<long>(in) * out;
  const int atOnce = std::min(count, std::max(64, (1 << 19) / (spots * std::max(in, out))));
  float *u = kernels().room(spots * tap);
  float *v = inputs.room(static_cast<size_t>(spots) * atOnce * in);
  float *m = outputs.room(static_cast<size_t>(spots) * atOnce * out);
  constexpr int each = 16;
  for (int from = 0; from < count; from += atOnce) {
    const int rows = std::min(count - from, atOnce);
    const long vSpot = static_cast<long>(rows) * in, mSpot = static_cast<long>(rows) * out;
    team().share((rows + each - 1) / each, [&](int part) {
      const int first = part * each, a = from + first, b = from + std::min(rows, first + each);
      transformInputs(tiles, x, in, a, b, v + static_cast<long>(first) * in, vSpot);
      transformOutputGradients(tiles, dy, out, a, b, m + static_cast<long>(first) * out, mSpot);
    });
    team().share(spots * (in > 64 ? 2 : 1), [&](int part) {
      static thread_local Strip strip;
      const int spot = part % spots, half = in > 64 ? in / 2 : in, top = part / spots * half;
      multiply(half, rows, out, {v + spot * vSpot + top, 1, in}, {m + spot * mSpot, out, 1},
               {u + spot * tap + static_cast<long>(top) * out, out}, from > 0, strip);
    });
  }
  team().share(in / kernelRows, [&](int part) {
    for (int i = 0; i < kernelRows; i++) transformKernelGradient(shape, u, part * kernelRows + i, gradient);
  });
}

// --- Maps of at most 2×2 pixels: every pixel meets every other through one of the kernel's taps, so that products
// of matrices, a row for each image, take as few multiplications, and nothing is transformed.

struct Pair {
  int from, to, tap;
};

// Which pixel reaches which, through which tap; sorted by tap.
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

void convolvePairs(const Convolution &shape, const float *x, const float *kernel, bool back, const Finish &finish,
                   float *y) {
  const Pairs pairs(shape);
  const int in = back ? shape.outputs : shape.inputs, out = back ? shape.inputs : shape.outputs;
  const int pixels = shape.height * shape.width;
  const long tapSize = static_cast<long>(in) * out;
  team().share((out + stripWidth - 1) / stripWidth, [&](int part) {
    static thread_local Strip strip;
    const int left = part * stripWidth, width = std::min(stripWidth, out - left);
    bool reached[4] = {};
    for (int top = 0; top < in; top += stripDepth) {
      int packed = -1;
      for (int i = 0; i < pairs.count; i++) {
        const auto [a, b, tap] = pairs.pairs[i];
        const int from = back ? b : a, to = back ? a : b;
        const float *matrix = kernel + tap * tapSize;
        if (tap != packed)
          strip.pack(back ? Matrix{matrix, 1, in} : Matrix{matrix, out, 1}, top, std::min(stripDepth, in - top), left,
                     width);
        packed = tap;
        multiply(shape.count, {x + from * in + top, static_cast<long>(pixels) * in, 1}, strip,
                 {y + to * out + left, static_cast<long>(pixels) * out}, reached[to]);
        reached[to] = true;
      }
    }
    if (finish.isNothing()) return;
    for (long row = 0; row < static_cast<long>(shape.count) * pixels; row++)
      for (int c = left; c < left + width; c += lanes)
        store(y + row * out + c, finish(load(y + row * out + c), row * out + c, c));
  });
}

void kernelGradientOfPairs(const Convolution &shape, const float *x, const float *dy, float *gradient) {
  const Pairs pairs(shape);
  const int in = shape.inputs, out = shape.outputs, pixels = shape.height * shape.width;
  const int strips = (out + stripWidth - 1) / stripWidth;
  team().share(9 * strips, [&](int part) {
    static thread_local Strip strip;
    const int tap = part / strips, left = part % strips * stripWidth, width = std::min(stripWidth, out - left);
    float *to = gradient + static_cast<long>(tap) * in * out + left;
    bool reached = false;
    for (int i = 0; i < pairs.count; i++) {
      if (pairs.pairs[i].tap != tap) continue;
      const float *a = x + pairs.pairs[i].from * in, *b = dy + pairs.pairs[i].to * out;
      for (int top = 0; top < shape.count; top += stripDepth) {
        const long skip = static_cast<long>(top) * pixels;
        strip.pack({b + skip * out, static_cast<long>(pixels) * out, 1}, 0, std::min(stripDepth, shape.count - top),
                   left, width);
        multiply(in, {a + skip * in, 1, static_cast<long>(pixels) * in}, strip, {to, out}, reached);
        reached = true;
      }
    }
    if (reached) return;
    for (int i = 0; i < in; i++)
      for (int c = 0; c < width; c += lanes) store(to + static_cast<long>(i) * out + c, Vector{});
  });
}

// --- Few tiles: transforming the kernel would cost more than the tiles save. Each output's nine inputs are laid side
// by side, and one product takes them all.

void convolveGathered(const Convolution &shape, const float *x, const float *kernel, const Finish &finish, float *y) {
  static Scratch gathered;
  const long in = shape.inputs, count = static_cast<long>(shape.count) * shape.height * shape.width;
  float *rows = gathered.room(count * 9 * in), *to = rows;
  for (int image = 0; image < shape.count; image++)
    for (int top = 0; top < shape.height; top++)
      for (int left = 0; left < shape.width; left++)
        for (int i = 0; i < 9; i++, to += in) {
          const float *from = pixel(x, shape, shape.inputs, {image, top, left}, i / 3 - 1, i % 3 - 1);
          if (from) std::copy_n(from, in, to);
          else std::fill_n(to, in, 0.0f);
        }
  multiplyPixels(count, 9 * shape.inputs, shape.outputs, rows, kernel, finish, y);
}

constexpr int fewestTiles = 32;

bool tiny(const Convolution &shape) { return shape.height <= 2 && shape.width <= 2; }

}  // namespace

void convolve(const Convolution &shape, const float *x, const float *kernel, const Finish &finish, float *y) {
  if (tiny(shape) && shape.count > 1) convolvePairs(shape, x, kernel, false, finish, y);
  else if (Tiles{shape}.count() < fewestTiles) convolveGathered(shape, x, kernel, finish, y);
  else convolveTiles(shape, x, kernel, false, finish, y);
}

void convolveInputGradient(const Convolution &shape, const float *dy, const float *kernel, float *dx) {
  (tiny(shape) ? convolvePairs : convolveTiles)(shape, dy, kernel, true, {}, dx);
}

void convolveKernelGradient(const Convolution &shape, const float *x, const float *dy, float *gradient) {
  (tiny(shape) ? kernelGradientOfPairs : kernelGradientOfTiles)(shape, x, dy, gradient);
}

}  // namespace lab
