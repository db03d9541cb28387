#include "pixelwise.h"

#include "product.h"
#include "team.h"

namespace lab {
namespace {

// a has `depth` numbers a row, side by side.
void multiplyTogether(long count, int depth, int width, const float *a, const Matrix &b, const Finish *finish,
                      float *c) {
  constexpr int most = 256;
  const int blocks = static_cast<int>((count + most - 1) / most);
  const int rows = static_cast<int>((count + blocks - 1) / blocks);
  // So many strips that every thread finds several parts.
  const int strips = (width + stripWidth - 1) / stripWidth, each = blocks * strips > 64 ? std::min(4, strips) : 1;
  const int groups = (strips + each - 1) / each;
  team().share(blocks * groups, [&](int part) {
    static thread_local Strip strip;
    const long top = static_cast<long>(part / groups) * rows;
    const int left = part % groups * each * stripWidth, right = std::min(left + each * stripWidth, width);
    const int height = static_cast<int>(std::min<long>(rows, count - top));
    if (height <= 0) return;
    const long place = top * width + left;
    multiply(height, depth, right - left, {a + top * depth, depth, 1}, {b.start + left * b.column, b.row, b.column},
             {c + place, width, finish, place, left}, false, strip);
  });
}

}  // namespace

void multiplyPixels(long count, int inputs, int outputs, const float *x, const float *kernel, const Finish &finish,
                    float *y) {
  multiplyTogether(count, inputs, outputs, x, {kernel, outputs, 1}, &finish, y);
}

void multiplyByTransposed(long count, int inputs, int outputs, const float *dy, const float *kernel, float *dx) {
  multiplyTogether(count, outputs, inputs, dy, {kernel, 1, outputs}, nullptr, dx);
}

}  // namespace lab
