// Runs the project's operations with odd shapes, values and inputs, and compares their results with the plainest
// computation. Built with sanitizers by scripts/maintenance/sanitize.mjs; ends with status 1 after a wrong result.
#include <array>
#include <cstdio>
#include <limits>
#include <string>

#include "expected.h"

namespace check {
namespace {

int runs = 0, wrong = 0;

void complain(const std::string &what) {
  wrong++;
  std::printf("wrong: %s\n", what.c_str());
}

std::string textOf(const std::string &name, const std::vector<const TF_Tensor *> &inputs) {
  std::string text = name;
  for (const TF_Tensor *input : inputs) {
    text += " [";
    for (const int64_t side : shapeOf(input)) text += std::to_string(side) + ' ';
    text += ']';
  }
  return text;
}

using Inputs = std::vector<const TF_Tensor *>;

// Any number may come where a finite one is expected: Winograd's sums spread a NaN over whole tiles.
constexpr double anyNumber = -1;

// Runs an operation. Each of its first results must be what is expected, up to a share of the largest number; where a
// number that is not finite is expected, the result must not be finite either.
void expect(const std::string &name, const Inputs &inputs, const std::vector<Numbers> &expected, double tolerance = 0) {
  runs++;
  const lab::Outputs outputs = lab::run(name, inputs);
  if (outputs.size() < expected.size()) return complain(textOf(name, inputs) + ": no result");
  for (size_t i = 0; i < expected.size(); i++) {
    if (sizeOf(shapeOf(outputs[i].get())) != static_cast<long>(expected[i].size()))
      return complain(textOf(name, inputs) + ": shape of result " + std::to_string(i));
    double largest = 1;
    for (const double number : expected[i])
      if (std::isfinite(number)) largest = std::max(largest, std::abs(number));
    for (size_t at = 0; at < expected[i].size(); at++) {
      const double number = expected[i][at], result = numbers(outputs[i].get())[at];
      if (!std::isfinite(number) && !std::isfinite(result)) continue;
      if (std::isfinite(number) && (tolerance == anyNumber || std::abs(result - number) <= tolerance * largest)) continue;
      complain(textOf(name, inputs) + ": result " + std::to_string(i) + " has " + std::to_string(result) + " for "
               + std::to_string(number) + " at " + std::to_string(at));
      break;
    }
  }
}

void refuse(const std::string &name, const Inputs &inputs) {
  runs++;
  if (!lab::run(name, inputs).empty()) complain(textOf(name, inputs) + ": not refused");
}

void convolutions(int64_t count, int64_t height, int64_t width, int64_t in, int64_t out) {
  const Tensor x = whole({count, height, width, in}, 1), dy = whole({count, height, width, out}, 2);
  const Tensor bias = whole({out}, 3), shortcut = whole({count, height, width, out}, 4);
  for (const Shape &shape : {Shape{3, 3, in, out}, Shape{in, out}}) {
    const Tensor kernel = whole(shape, 5);
    const TF_Tensor *k = kernel.get();
    expect("LabConvolve", {x.get(), k}, {convolved(x.get(), k, nullptr, nullptr, false)});
    expect("LabConvolveRelu", {x.get(), k, bias.get()}, {convolved(x.get(), k, bias.get(), nullptr, true)});
    expect("LabConvolveRelu", {x.get(), k, bias.get(), shortcut.get()},
           {convolved(x.get(), k, bias.get(), shortcut.get(), true)});
    expect("LabConvolveInputGradient", {dy.get(), k}, {inputGradient(dy.get(), k)});
  }
  expect("LabConvolveKernelGradient", {x.get(), dy.get()}, {kernelGradient(x.get(), dy.get())});
  // One tensor as two inputs.
  expect("LabConvolveKernelGradient", {x.get(), x.get()}, {kernelGradient(x.get(), x.get())});
}

void normalizations(int64_t count, int64_t height, int64_t width, int64_t channels) {
  const Shape shape{count, height, width, channels};
  const Tensor x = whole(shape, 6), shortcut = whole(shape, 7), dy = whole(shape, 8);
  const Tensor gamma = whole({channels}, 9), beta = whole({channels}, 10), epsilon = make({});
  *numbers(epsilon.get()) = 1e-3f;
  // Off whole numbers: a sum that is 0 but for rounding may pass ReLU or not.
  for (int64_t c = 0; c < channels; c++) numbers(beta.get())[c] += 0.37f;
  for (const bool withRelu : {false, true}) {
    const std::string name = withRelu ? "LabNormalizeRelu" : "LabNormalize";
    for (const TF_Tensor *more : {static_cast<const TF_Tensor *>(nullptr), static_cast<const TF_Tensor *>(shortcut.get()),
                                  static_cast<const TF_Tensor *>(x.get())}) {
      Inputs inputs{x.get(), gamma.get(), beta.get(), epsilon.get()};
      if (more) inputs.push_back(more);
      const Normalized forward = normalized(x.get(), gamma.get(), beta.get(), *numbers(epsilon.get()), more, withRelu);
      expect(name, inputs, {forward.y, forward.mean, forward.variance, forward.inverse}, 1e-4);
      const lab::Outputs outputs = lab::run(name, inputs);
      inputs = {dy.get(), x.get(), gamma.get(), outputs[1].get(), outputs[3].get(), outputs[4].get()};
      if (more) inputs.push_back(outputs[0].get());
      const NormalizedGradient backward = normalizedGradient(dy.get(), x.get(), gamma.get(), forward, withRelu);
      std::vector<Numbers> gradients{backward.dx, backward.dGamma, backward.dBeta};
      if (more) gradients.push_back(backward.dSum);
      expect(name + "Gradient", inputs, gradients, 1e-3);
    }
  }
}

void oddShapes() {
  // Around 32 tiles of 2 × 2 the method changes; images of 1 × 1 and 2 × 2 have a method of their own.
  for (const auto &[count, height, width] : std::vector<std::array<int64_t, 3>>{
           {1, 1, 1}, {2, 1, 1}, {300, 1, 1}, {1, 1, 2}, {3, 2, 1}, {129, 2, 2}, {1, 1, 7}, {5, 3, 3}, {1, 7, 5},
           {8, 4, 4}, {7, 4, 4}, {1, 11, 12}, {2, 13, 9}, {1, 1, 70}, {70, 3, 1}, {2, 17, 17}})
    for (const auto &[in, out] : std::vector<std::array<int64_t, 2>>{{16, 16}, {48, 16}, {16, 80}, {144, 32}})
      convolutions(count, height, width, in, out);
  convolutions(70'001, 1, 1, 16, 16);
  convolutions(1, 3, 257, 32, 272);
  for (const auto &[count, height, width] : std::vector<std::array<int64_t, 3>>{
           {1, 1, 1}, {2, 1, 1}, {1, 1, 3}, {5, 3, 3}, {2, 33, 31}})
    for (const int64_t channels : {16, 48, 80, 144}) normalizations(count, height, width, channels);
  normalizations(70'001, 1, 1, 16);
  normalizations(3, 2, 2, 32'784);
}

void oddValues() {
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity(), 3e38f}) {
    for (const int64_t side : {1, 2, 5, 12}) {
      const Tensor x = whole({2, side, side, 16}, 11), dy = whole({2, side, side, 32}, 12);
      numbers(x.get())[17] = value;
      for (const Shape &shape : {Shape{3, 3, 16, 32}, Shape{16, 32}}) {
        const Tensor kernel = whole(shape, 13);
        if (std::isfinite(value)) lab::run("LabConvolveRelu", {x.get(), kernel.get()});
        else expect("LabConvolve", {x.get(), kernel.get()},
                    {convolved(x.get(), kernel.get(), nullptr, nullptr, false)}, anyNumber);
      }
      if (std::isnan(value))
        expect("LabConvolveKernelGradient", {x.get(), dy.get()}, {kernelGradient(x.get(), dy.get())}, anyNumber);
    }
  }
}

void misfits() {
  const Tensor x = whole({2, 3, 3, 16}, 14), kernel = whole({3, 3, 16, 32}, 15), dy = whole({2, 3, 3, 32}, 16);
  const Tensor gamma = whole({16}, 17), bias = whole({32}, 18), one = whole({}, 19), two = whole({2}, 20);
  const std::vector<std::string> names{
      "LabConvolve", "LabConvolveRelu", "LabConvolveInputGradient", "LabConvolveKernelGradient", "LabNormalize",
      "LabNormalizeRelu", "LabNormalizeGradient", "LabNormalizeReluGradient", "LabUnknown", "Lab", ""};
  std::vector<Tensor> odd;
  for (const Shape &shape : std::vector<Shape>{
           {}, {0}, {16}, {16, 16}, {3, 3, 16}, {0, 3, 3, 16}, {2, 0, 3, 16}, {2, 3, 0, 16}, {2, 3, 3, 0}, {2, 3, 3, 1},
           {2, 3, 3, 3}, {2, 3, 3, 5}, {2, 3, 3, 17}, {1, 2, 3, 3, 16}, {3, 3, 16, 33}, {3, 3, 0, 32}, {3, 3, 16, 0},
           {2, 3, 3, 24}})
    odd.push_back(whole(shape, 21));
  for (const TF_DataType type : {TF_INT32, TF_BOOL, TF_HALF, TF_DOUBLE}) {
    odd.push_back(make({2, 3, 3, 16}, type));
    odd.push_back(make({3, 3, 16, 32}, type));
  }
  for (const std::string &name : names) {
    refuse(name, {});
    for (const Tensor &tensor : odd) {
      const TF_Tensor *o = tensor.get();
      for (const Inputs &inputs : std::vector<Inputs>{
               {o}, {o, o}, {o, kernel.get()}, {x.get(), kernel.get(), o}, {x.get(), kernel.get(), bias.get(), o},
               {o, gamma.get(), gamma.get(), one.get()}, {x.get(), o, two.get(), one.get()}, {dy.get(), o},
               {x.get(), gamma.get(), gamma.get(), two.get()}, {x.get(), gamma.get(), gamma.get(), one.get(), o},
               {o, x.get(), gamma.get(), gamma.get(), gamma.get(), gamma.get()},
               {x.get(), o, gamma.get(), gamma.get(), gamma.get(), gamma.get()},
               {x.get(), x.get(), gamma.get(), gamma.get(), gamma.get(), gamma.get(), o},
               {x.get(), kernel.get(), bias.get(), dy.get(), o}})
        refuse(name, inputs);
    }
  }
  for (const Shape &shape : std::vector<Shape>{{5, 5, 16, 32}, {1, 1, 16, 32}, {1, 3, 16, 32}, {3, 3, 15, 32}, {15, 32}}) {
    const Tensor oddKernel = whole(shape, 21);
    refuse("LabConvolve", {x.get(), oddKernel.get()});
    refuse("LabConvolveInputGradient", {dy.get(), oddKernel.get()});
    refuse("LabConvolveKernelGradient", {x.get(), oddKernel.get()});
  }
  refuse("LabConvolve", {dy.get(), kernel.get()});
  refuse("LabConvolveInputGradient", {x.get(), kernel.get()});
}

// Where an allocation fails, the operation throws, and the next one works: no thread still writes for the failed one.
void shortMemory() {
  const Tensor x = whole({2, 36, 36, 16}, 22), kernel = whole({3, 3, 16, 32}, 23), dy = whole({2, 36, 36, 32}, 24);
  const Numbers y = convolved(x.get(), kernel.get(), nullptr, nullptr, false);
  for (int i = 0; i < 24; i++) {
    failAfter(i);
    try {
      lab::run("LabConvolve", {x.get(), kernel.get()});
      lab::run("LabConvolveKernelGradient", {x.get(), dy.get()});
    } catch (const std::bad_alloc &) {
    }
    failAfter(-1);
    expect("LabConvolve", {x.get(), kernel.get()}, {y});
  }
}

}  // namespace
}  // namespace check

int main() {
  using namespace check;
  shortMemory();
  misfits();
  oddValues();
  oddShapes();
  std::printf("%d operations, %d wrong\n", runs, wrong);
  return wrong ? 1 : 0;
}
