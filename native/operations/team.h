// Threads that work on one task together, for one thread that gives tasks. Between tasks they look out for the next one
// for some microseconds, then they sleep.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <thread>
#include <vector>

namespace lab {

class Team {
 public:
  explicit Team(int threads) {
    for (int i = 1; i < threads; i++) helpers_.emplace_back([this] { help(); });
  }

  int size() const { return static_cast<int>(helpers_.size()) + 1; }

  // Does parts 0 … count − 1, each once, by whoever is free. Returns when all are done.
  void share(int count, const std::function<void(int)> &part) {
    part_ = &part;
    count_ = count;
    next_ = 0;
    busy_ = size() - 1;
    round_.fetch_add(1);
    round_.notify_all();
    takeParts();
    for (int busy; (busy = busy_.load()) > 0;) waitWhile(busy_, busy);
  }

 private:
  // Small tasks follow each other so closely that falling asleep in between would take longer than they do.
  template <typename Number>
  static void waitWhile(const std::atomic<Number> &number, Number old) {
    constexpr int glances = 3000;
    for (int i = 0; i < glances && number.load(std::memory_order_relaxed) == old; i++) pause();
    number.wait(old);
  }

  static void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }

  void help() {
    for (unsigned seen = 0;; seen++) {
      waitWhile(round_, seen);
      takeParts();
      if (busy_.fetch_sub(1) == 1) busy_.notify_one();
    }
  }

  void takeParts() {
    for (int i; (i = next_.fetch_add(1)) < count_;) (*part_)(i);
  }

  std::vector<std::thread> helpers_;
  std::atomic<unsigned> round_{0};
  std::atomic<int> next_{0}, busy_{0};
  const std::function<void(int)> *part_ = nullptr;
  int count_ = 0;
};

// The process's own team, as many as TensorFlow's threads. It is never taken apart: nothing waits for its threads.
inline Team &team() {
  static auto *made = new Team([] {
    const char *named = std::getenv("TF_NUM_INTRAOP_THREADS");
    const int count = named ? std::atoi(named) : 0;
    return count > 0 ? count : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  }());
  return *made;
}

}  // namespace lab
