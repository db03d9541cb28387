// Matrix products on one thread, after Goto and van de Geijn (2008): strips of b are packed so that they stay in the
// first-level cache, and a tile of the result stays in registers.
#pragma once
#include <algorithm>

#include "epilogue.h"

namespace lab {

// A matrix in any memory layout: element (i, j) is start[i * row + j * column].
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

// How many rows ahead to prefetch: rows lie too far apart for the processor's own prefetcher.
constexpr int rowsAhead = 32;

// A packed copy of a strip of b, at most stripDepth × stripWidth, row after row.
struct Strip {
  alignas(64) float values[stripDepth * stripWidth];
  int depth, vectors;

  // The width must be a multiple of `lanes`; so must the height, unless the numbers of a row of b are adjacent.
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

// The memory for a part of a product; its rows are `row` numbers apart. An epilogue is applied to the sums, which must be
// complete after this product. Then `start` has the index `index` in the whole result and lies in column `channel`.
struct Target {
  float *start;
  long row;
  const Epilogue *epilogue = nullptr;
  long index = 0;
  int channel = 0;

  Target at(int i, int j) const { return {start + i * row + j, row, epilogue, index + i * row + j, channel + j}; }
  void put(int i, int j, Vector sum) const {
    store(start + i * row + j, epilogue ? (*epilogue)(sum, index + i * row + j, channel + j) : sum);
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
      multiplyTile<rows, vectors>(a.start + i * a.row, a.row, a.column, strip, c.at(i, 0), add);
  };
  tile(std::integral_constant<int, tileRows>());
  tile(std::integral_constant<int, 4>());
  tile(std::integral_constant<int, 1>());
}

// c = a · strip for `count` rows of a; with `add`, c += a · strip.
inline void multiply(int count, const Matrix &a, const Strip &strip, const Target &c, bool add) {
  if (strip.vectors == 1) multiplyRows<1>(count, a, strip, c, add);
  else multiplyRows<tileVectors>(count, a, strip, c, add);
}

// c = a · b for a [rows, depth] and b [depth, width]; with `add`, c += a · b. The width must be a multiple of `lanes`.
inline void multiply(int rows, int depth, int width, const Matrix &a, const Matrix &b, const Target &c, bool add,
                     Strip &strip) {
  for (int j = 0; j < width; j += stripWidth)
    for (int p = 0; p < depth; p += stripDepth) {
      strip.pack(b, p, std::min(stripDepth, depth - p), j, std::min(stripWidth, width - j));
      Target to = c.at(0, j);
      if (p + stripDepth < depth) to.epilogue = nullptr;
      multiply(rows, {a.start + p * a.column, a.row, a.column}, strip, to, add || p > 0);
    }
}

}  // namespace lab
