// Keeps signals away from code that must not be interrupted.
#pragma once
#include <signal.h>

namespace lab {

// While it lives, no signal reaches the calling thread, nor any thread that this thread starts in the meantime. Signals
// wait, or reach another thread of the process. Faults of the thread itself, such as SIGSEGV, are let through.
//
// Without it, a Ctrl-C in the middle of a training step may end the process: while oneDNN multiplies matrices, the
// processor's stack pointer points to memory from malloc (`sgemm_nocopy_driver`). A signal's handler runs on the stack,
// so the system writes over whatever lies before this memory: "corrupted size vs. prev_size".
class WithoutSignals {
 public:
  WithoutSignals() {
    sigset_t blocked;
    sigfillset(&blocked);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS}) sigdelset(&blocked, fault);
    pthread_sigmask(SIG_BLOCK, &blocked, &before_);
  }
  ~WithoutSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  WithoutSignals(const WithoutSignals &) = delete;

 private:
  sigset_t before_;
};

}  // namespace lab
