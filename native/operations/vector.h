// A vector of as many numbers as one register of the processor holds, and operations on all of them at once.
#pragma once
#include <utility>

namespace lab {

#if defined(__AVX512F__)
constexpr int lanes = 16;
#else
constexpr int lanes = 8;
#endif

typedef float Vector __attribute__((vector_size(4 * lanes), aligned(4)));
typedef int Indices __attribute__((vector_size(4 * lanes)));

inline Vector load(const float *from) { return *reinterpret_cast<const Vector *>(from); }
inline void store(float *to, Vector values) { *reinterpret_cast<Vector *>(to) = values; }

// max(x, 0), except that NaN stays NaN.
inline Vector relu(Vector values) { return values < 0.0f ? Vector{} : values; }

// The numbers of a and b at the given indices, where b's indices follow a's.
template <int... indices>
Vector shuffle(Vector a, Vector b) {
#if defined(__clang__)
  return __builtin_shufflevector(a, b, indices...);
#else
  return __builtin_shuffle(a, b, Indices{indices...});
#endif
}

// In each block of 2 · step rows and columns, swaps the upper right quarter with the lower left quarter.
template <int step, int... j>
void swapQuarters(Vector rows[lanes], std::integer_sequence<int, j...>) {
  for (int i = 0; i < lanes; i++) {
    if (i & step) continue;
    const Vector a = rows[i], b = rows[i + step];
    rows[i] = shuffle<(j & step ? lanes + j - step : j)...>(a, b);
    rows[i + step] = shuffle<(j & step ? lanes + j : j + step)...>(a, b);
  }
}

// Transposes a square block: as many rows as a vector has numbers.
inline void transpose(Vector rows[lanes]) {
  constexpr auto columns = std::make_integer_sequence<int, lanes>();
  if constexpr (lanes == 16) swapQuarters<8>(rows, columns);
  swapQuarters<4>(rows, columns);
  swapQuarters<2>(rows, columns);
  swapQuarters<1>(rows, columns);
}

}  // namespace lab
