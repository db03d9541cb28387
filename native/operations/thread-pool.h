// A pool of threads that share the parts of one task, for one thread that starts tasks. Between tasks the threads watch
// for the next one for some microseconds, then they sleep.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <functional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace lab {

class ThreadPool {
 public:
  // If the system refuses a thread, the pool makes do with those that it has.
  explicit ThreadPool(int threads) {
    try {
      for (int i = 1; i < threads; i++) workers_.emplace_back([this] { work(); });
    } catch (const std::system_error &) {
    }
  }

  // The workers and the calling thread.
  int size() const { return static_cast<int>(workers_.size()) + 1; }

  // Runs parts 0 … count − 1, each once, each on the next free thread. Returns when all parts are done. If a part throws,
  // those that have not begun are left out, and its exception is thrown here once no thread works on the task any more.
  void parallelFor(int count, const std::function<void(int)> &part) {
    part_ = &part;
    count_ = count;
    next_ = 0;
    busy_ = size() - 1;
    task_.fetch_add(1);
    task_.notify_all();
    runParts();
    for (int busy; (busy = busy_.load()) > 0;) waitWhile(busy_, busy);
    if (failed_.exchange(false)) std::rethrow_exception(std::exchange(failure_, nullptr));
  }

 private:
  // Small tasks follow each other so closely that falling asleep and waking up would take longer than the task.
  template <typename Number>
  static void waitWhile(const std::atomic<Number> &number, Number old) {
    constexpr int spins = 3000;
    for (int i = 0; i < spins && number.load(std::memory_order_relaxed) == old; i++) pause();
    number.wait(old);
  }

  static void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }

  void work() {
    for (unsigned lastTask = 0;; lastTask++) {
      waitWhile(task_, lastTask);
      runParts();
      if (busy_.fetch_sub(1) == 1) busy_.notify_one();
    }
  }

  void runParts() {
    try {
      for (int i; (i = next_.fetch_add(1)) < count_;) (*part_)(i);
    } catch (...) {
      next_ = count_;
      if (!failed_.exchange(true)) failure_ = std::current_exception();
    }
  }

  std::vector<std::thread> workers_;
  // The number of the current task.
  std::atomic<unsigned> task_{0};
  std::atomic<int> next_{0}, busy_{0};
  std::atomic<bool> failed_{false};
  // The first exception of a part.
  std::exception_ptr failure_;
  const std::function<void(int)> *part_ = nullptr;
  int count_ = 0;
};

// The process's pool, with as many threads as TensorFlow uses. It is never destroyed, so the process can end without
// waiting for its threads.
inline ThreadPool &threadPool() {
  static auto *pool = new ThreadPool([] {
    const char *setting = std::getenv("TF_NUM_INTRAOP_THREADS");
    const int count = setting ? std::atoi(setting) : 0;
    return count > 0 ? count : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  }());
  return *pool;
}

}  // namespace lab
