#include "pointwise-convolution.h"

#include "matrix-product.h"
#include "thread-pool.h"

namespace lab {
namespace {

// c = a · b on all threads, for a [rows, depth] and c [rows, width].
void parallelProduct(long rows, int depth, int width, const float *a, const Matrix &b, const Epilogue *epilogue,
                     float *c) {
  constexpr int mostRows = 256;
  const int blocks = static_cast<int>((rows + mostRows - 1) / mostRows);
  const int blockRows = static_cast<int>((rows + blocks - 1) / blocks);
  // A part is a block of rows and a group of strips: few enough strips that every thread finds several parts.
  const int strips = (width + stripWidth - 1) / stripWidth;
  const int groupStrips = blocks * strips > 64 ? std::min(4, strips) : 1;
  const int groups = (strips + groupStrips - 1) / groupStrips;
  threadPool().parallelFor(blocks * groups, [&](int part) {
    static thread_local Strip strip;
    const long top = static_cast<long>(part / groups) * blockRows;
    const int left = part % groups * groupStrips * stripWidth, right = std::min(left + groupStrips * stripWidth, width);
    const int height = static_cast<int>(std::min<long>(blockRows, rows - top));
    if (height <= 0) return;
    const long index = top * width + left;
    multiply(height, depth, right - left, {a + top * depth, depth, 1}, {b.start + left * b.column, b.row, b.column},
             {c + index, width, epilogue, index, left}, false, strip);
  });
}

}  // namespace

void convolvePixels(long pixels, int inputs, int outputs, const float *x, const float *kernel,
                    const Epilogue &epilogue, float *y) {
  parallelProduct(pixels, inputs, outputs, x, {kernel, outputs, 1}, &epilogue, y);
}

void convolvePixelsInputGradient(long pixels, int inputs, int outputs, const float *dy, const float *kernel,
                                 float *dx) {
  parallelProduct(pixels, outputs, inputs, dy, {kernel, 1, outputs}, nullptr, dx);
}

}  // namespace lab
