// As many numbers as one register of the processor holds, and what is done to all of them at a time.
#pragma once
#include <utility>

namespace lab {

#if defined(__AVX512F__)
constexpr int lanes = 16;
#else
constexpr int lanes = 8;
#endif

typedef float Vector __attribute__((vector_size(4 * lanes), aligned(4)));
typedef int Places __attribute__((vector_size(4 * lanes)));

inline Vector load(const float *from) { return *reinterpret_cast<const Vector *>(from); }
inline void store(float *to, Vector values) { *reinterpret_cast<Vector *>(to) = values; }

// ReLU. What is not a number stays so.
inline Vector positive(Vector values) { return values < 0.0f ? Vector{} : values; }

// Numbers of a and b, counted on from a's to b's, in the order of the places.
template <int... places>
Vector chosen(Vector a, Vector b) {
#if defined(__clang__)
  return __builtin_shufflevector(a, b, places...);
#else
  return __builtin_shuffle(a, b, Places{places...});
#endif
}

// Row i and row i + step exchange the parts that lie on the wrong side.
template <int step, int... j>
void exchange(Vector rows[lanes], std::integer_sequence<int, j...>) {
  for (int i = 0; i < lanes; i++) {
    if (i & step) continue;
    const Vector a = rows[i], b = rows[i + step];
    rows[i] = chosen<(j & step ? lanes + j - step : j)...>(a, b);
    rows[i + step] = chosen<(j & step ? lanes + j : j + step)...>(a, b);
  }
}

// As many rows as a vector has numbers become columns.
inline void transpose(Vector rows[lanes]) {
  constexpr auto places = std::make_integer_sequence<int, lanes>();
  if constexpr (lanes == 16) exchange<8>(rows, places);
  exchange<4>(rows, places);
  exchange<2>(rows, places);
  exchange<1>(rows, places);
}

}  // namespace lab
