// Sixteen numbers at a time, as the compiler lays them out for this processor.
#pragma once

namespace lab {

typedef float Vector __attribute__((vector_size(64), aligned(4)));
typedef int Places __attribute__((vector_size(64)));

constexpr int lanes = 16;

inline Vector load(const float *from) { return *reinterpret_cast<const Vector *>(from); }
inline void store(float *to, Vector values) { *reinterpret_cast<Vector *>(to) = values; }

#if defined(__clang__)
#define LAB_SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define LAB_SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (Places){__VA_ARGS__})
#endif

// Sixteen rows of sixteen become columns: swaps quarters of quarters, four times.
inline void transpose(Vector rows[lanes]) {
  for (int i = 0; i < 8; i++) {
    const Vector a = rows[i], b = rows[i + 8];
    rows[i] = LAB_SHUFFLE(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    rows[i + 8] = LAB_SHUFFLE(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  }
  for (int i = 0; i < 16; i++) {
    if (i & 4) continue;
    const Vector a = rows[i], b = rows[i + 4];
    rows[i] = LAB_SHUFFLE(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27);
    rows[i + 4] = LAB_SHUFFLE(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
  }
  for (int i = 0; i < 16; i++) {
    if (i & 2) continue;
    const Vector a = rows[i], b = rows[i + 2];
    rows[i] = LAB_SHUFFLE(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
    rows[i + 2] = LAB_SHUFFLE(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
  }
  for (int i = 0; i < 16; i += 2) {
    const Vector a = rows[i], b = rows[i + 1];
    rows[i] = LAB_SHUFFLE(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30);
    rows[i + 1] = LAB_SHUFFLE(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
  }
}

}  // namespace lab
