// Whether this processor has every instruction set that the compiler may have used for the operations.
#pragma once

#if defined(__AVX2__)
#include <cpuid.h>
#endif

namespace lab {

#if defined(__AVX2__)
// An instruction set that the compiler may have used: the bit of a register (a, b, c, d) that CPUID fills.
struct InstructionSet {
  unsigned leaf, subleaf, where, bit;
};

constexpr InstructionSet used[] = {
    {1, 0, 2, 12}, {7, 0, 1, 5},  // FMA, AVX2
#if defined(__POPCNT__)
    {1, 0, 2, 23},
#endif
#if defined(__MOVBE__)
    {1, 0, 2, 22},
#endif
#if defined(__F16C__)
    {1, 0, 2, 29},
#endif
#if defined(__LZCNT__)
    {0x80000001, 0, 2, 5},
#endif
#if defined(__BMI__)
    {7, 0, 1, 3},
#endif
#if defined(__BMI2__)
    {7, 0, 1, 8},
#endif
#if defined(__AVX512F__)
    {7, 0, 1, 16}, {7, 0, 1, 17}, {7, 0, 1, 30}, {7, 0, 1, 31},  // F, DQ, BW, VL
#endif
#if defined(__AVX512CD__)
    {7, 0, 1, 28},
#endif
#if defined(__AVX512IFMA__)
    {7, 0, 1, 21},
#endif
#if defined(__AVX512VBMI__)
    {7, 0, 2, 1},
#endif
#if defined(__AVX512VBMI2__)
    {7, 0, 2, 6},
#endif
#if defined(__GFNI__)
    {7, 0, 2, 8},
#endif
#if defined(__AVX512VNNI__)
    {7, 0, 2, 11},
#endif
#if defined(__AVX512BITALG__)
    {7, 0, 2, 12},
#endif
#if defined(__AVX512VPOPCNTDQ__)
    {7, 0, 2, 14},
#endif
#if defined(__AVX512FP16__)
    {7, 0, 3, 23},
#endif
#if defined(__AVXVNNI__)
    {7, 1, 0, 4},
#endif
#if defined(__AVX512BF16__)
    {7, 1, 0, 5},
#endif
};
#endif

// Asks the processor directly, because __builtin_cpu_supports needs a runtime library that some compilers lack.
inline bool hasInstructions() {
#if defined(__AVX2__)
  unsigned registers[4], low, high;
  const auto ask = [&registers](unsigned leaf, unsigned subleaf) {
    return __get_cpuid_count(leaf, subleaf, registers, registers + 1, registers + 2, registers + 3);
  };
  if (!ask(1, 0) || !(registers[2] & bit_OSXSAVE)) return false;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  // The registers that the operating system has to save when it switches programs.
#if defined(__AVX512F__)
  constexpr unsigned saved = 0xe6;
#else
  constexpr unsigned saved = 0x06;
#endif
  if ((low & saved) != saved) return false;
  for (const auto &[leaf, subleaf, where, bit] : used) {
    if (!ask(leaf, subleaf) || !(registers[where] >> bit & 1)) return false;
  }
  return true;
#else
  return false;
#endif
}

}  // namespace lab
