// TensorFlow's libraries are 780 MB of files. Loading them reads a third of that once: relocation tables, and the code
// that registers every operation. These pages of memory hold nothing that the files do not hold. The process gives them
// back, and if it needs one again, the system reads it from its file cache.
#pragma once
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

namespace lab {

inline void releaseStartupPages() {
  dl_iterate_phdr(
      [](dl_phdr_info *library, size_t, void *) {
        if (!std::strstr(library->dlpi_name, "libtensorflow_")) return 0;
        const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
        for (int i = 0; i < library->dlpi_phnum; i++) {
          const auto &segment = library->dlpi_phdr[i];
          // A writable segment may differ from its file.
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
