// Matrix products on one thread, by Goto and van de Geijn's plan (2008): strips of b are packed to lie in the first
// cache, and a tile of the result stays in registers.
#pragma once
#include <algorithm>
#include "finish.h"

namespace lab {

// A matrix of which neither rows nor columns need lie side by side: element (i, j) is start[i * row + j * column].
struct Matrix {
  const float *start;
  long row, column;
};

#if defined(__AVX512F__)
constexpr int tileRows = 12, tileVectors = 2;
#else
constexpr int tileRows = 6, tileVectors = 2;
#endif
constexpr int stripWidth = tileVectors * lanes;
constexpr int stripDepth = 4096 / stripWidth;

// Rows that memory is asked for before they are needed: they lie too far apart for the processor to guess them.
constexpr int rowsAhead = 32;

// A strip of b, at most stripDepth × stripWidth, its rows side by side.
struct Strip {
  alignas(64) float values[stripDepth * stripWidth];
  int depth, vectors;

  // Width is a multiple of the lanes; so is depth where b's rows do not lie side by side.
  void pack(const Matrix &b, int top, int height, int left, int width) {
    depth = height;
    vectors = width / lanes;
    const float *from = b.start + top * b.row + left * b.column;
    if (b.column == 1) {
      for (int p = 0; p < height; p++)
        for (int j = 0; j < width; j += lanes) {
          __builtin_prefetch(from + (p + rowsAhead) * b.row + j);
          store(values + p * width + j, load(from + p * b.row + j));
        }
      return;
    }
    Vector block[lanes];
    for (int p = 0; p < height; p += lanes)
      for (int j = 0; j < width; j += lanes) {
        for (int i = 0; i < lanes; i++) block[i] = load(from + p * b.row + (j + i) * b.column);
        transpose(block);
        for (int i = 0; i < lanes; i++) store(values + (p + i) * width + j, block[i]);
      }
  }
};

// Where rows of a product go, `row` numbers apart. With `finish`, all is added up after this, and what follows is done:
// then `start` is at `place` of the whole result, in column `channel`.
struct Target {
  float *start;
  long row;
  const Finish *finish = nullptr;
  long place = 0;
  int channel = 0;

  Target from(int i, int j) const { return {start + i * row + j, row, finish, place + i * row + j, channel + j}; }
  void put(int i, int j, Vector sum) const {
    store(start + i * row + j, finish ? (*finish)(sum, place + i * row + j, channel + j) : sum);
  }
};

template <int rows, int vectors>
void multiplyTile(const float *a, long row, long column, const Strip &strip, const Target &c, bool add) {
  Vector sums[rows][vectors];
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < vectors; j++) sums[i][j] = add ? load(c.start + i * c.row + j * lanes) : Vector{};
  for (int p = 0; p < strip.depth; p++) {
    Vector b[vectors];
    for (int j = 0; j < vectors; j++) b[j] = load(strip.values + (p * vectors + j) * lanes);
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++) {
      const float factor = a[i * row + p * column];
      for (int j = 0; j < vectors; j++) sums[i][j] += factor * b[j];
    }
  }
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < vectors; j++) c.put(i, j * lanes, sums[i][j]);
}

template <int vectors>
void multiplyRows(int count, const Matrix &a, const Strip &strip, const Target &c, bool add) {
  int i = 0;
  const auto tile = [&](auto rows) {
    for (; i + rows <= count; i += rows)
      multiplyTile<rows, vectors>(a.start + i * a.row, a.row, a.column, strip, c.from(i, 0), add);
  };
  tile(std::integral_constant<int, tileRows>());
  tile(std::integral_constant<int, 4>());
  tile(std::integral_constant<int, 1>());
}

// c (or c +) = a × strip, for `count` rows of a.
inline void multiply(int count, const Matrix &a, const Strip &strip, const Target &c, bool add) {
  if (strip.vectors == 1) multiplyRows<1>(count, a, strip, c, add);
  else multiplyRows<tileVectors>(count, a, strip, c, add);
}

// c (or c +) = a × b with rows × depth × width numbers; the width is a multiple of the lanes.
inline void multiply(int rows, int depth, int width, const Matrix &a, const Matrix &b, const Target &c, bool add,
                     Strip &strip) {
  for (int j = 0; j < width; j += stripWidth)
    for (int p = 0; p < depth; p += stripDepth) {
      strip.pack(b, p, std::min(stripDepth, depth - p), j, std::min(stripWidth, width - j));
      Target to = c.from(0, j);
      if (p + stripDepth < depth) to.finish = nullptr;
      multiply(rows, {a.start + p * a.column, a.row, a.column}, strip, to, add || p > 0);
    }
}

}  // namespace lab
