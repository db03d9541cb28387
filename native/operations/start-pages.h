// TensorFlow's libraries are 780 MB of files. Loading reads a third of them once: tables of addresses, and the code
// that registers every operation. Those pages hold nothing that the files do not, so the process gives them back, and
// what is needed again comes from the system's cache.
#pragma once
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

namespace lab {

inline void giveBackStartPages() {
  dl_iterate_phdr(
      [](dl_phdr_info *library, size_t, void *) {
        if (!std::strstr(library->dlpi_name, "libtensorflow_")) return 0;
        const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
        for (int i = 0; i < library->dlpi_phnum; i++) {
          const auto &segment = library->dlpi_phdr[i];
          // What may be written to is the process's own.
          if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W)) continue;
          const auto from = (library->dlpi_addr + segment.p_vaddr + page - 1) / page * page;
          const auto to = (library->dlpi_addr + segment.p_vaddr + segment.p_memsz) / page * page;
          if (to > from) madvise(reinterpret_cast<void *>(from), to - from, MADV_DONTNEED);
        }
        return 0;
      },
      nullptr);
}

}  // namespace lab
