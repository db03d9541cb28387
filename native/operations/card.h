// The graphics card that computes, asked of libraries that TensorFlow has loaded. They are not linked, since the binding
// also runs where they are missing: nothing here loads a library.
#pragma once
#include <dlfcn.h>

#include <cstddef>
#include <string>

namespace lab {

struct Card {
  // Such as "NVIDIA H100 80GB HBM3"; empty without a card.
  std::string model;
  // cuDNN's version as it packs it, such as 92800; 0 without cuDNN.
  size_t cudnn = 0;
};

// A function of a library that is loaded already, or null.
template <typename Function>
Function *loadedFunction(const char *library, const char *name) {
  void *const handle = dlopen(library, RTLD_LAZY | RTLD_NOLOAD);
  return handle ? reinterpret_cast<Function *>(dlsym(handle, name)) : nullptr;
}

// The first card that is visible: TensorFlow computes on this one. The driver has been started by TensorFlow.
inline Card cardInUse() {
  Card card;
  const char *const driver = "libcuda.so.1";
  const auto getDevice = loadedFunction<int(int *, int)>(driver, "cuDeviceGet");
  const auto getName = loadedFunction<int(char *, int, int)>(driver, "cuDeviceGetName");
  int device;
  char name[256] = "";
  if (getDevice && getName && getDevice(&device, 0) == 0 && getName(name, sizeof name, device) == 0) card.model = name;
  if (const auto version = loadedFunction<size_t()>("libcudnn.so.9", "cudnnGetVersion")) card.cudnn = version();
  return card;
}

}  // namespace lab
