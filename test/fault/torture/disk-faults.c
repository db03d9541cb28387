/*
 * Faults of a disk, put into a program by LD_PRELOAD: file-system calls on what lies in one folder fail from a chosen
 * call on. Whatever a program does through the C library meets them: Node and its threads, native modules, Python.
 * Not reached: programs without the C library, such as Go's, and calls that the C library makes itself.
 *
 * The program chooses with calls that no disk sees: mkdir(":disk:FAULT:NUMBER:FOLDER") begins, mkdir(":disk:end") ends.
 * With the fault "none" nothing fails, and readlink(":disk:calls") gives how many calls could meet each of the faults.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/*
 * full: no room from the call on, ENOSPC. short: a write takes half, and then there is no room.
 * fault: the call fails, EIO. gone: all fail from the call on, EIO. denied: the call fails, EACCES.
 */
enum { NONE, FULL, SHORT, FAULT, GONE, DENIED };
static const char *const names[] = { "none", "full", "short", "fault", "gone", "denied" };

/* What a call does: these may meet different faults. */
enum { READS = 1, ALLOCATES = 2, HAS_PATH = 4, WRITES_BYTES = 8 };

static int active, kind = NONE;
static long chosen, calls[DENIED + 1];
static char folder[PATH_MAX];
static unsigned char watched[1 << 16];

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static int inside(const char *path) {
  size_t length = strlen(folder);
  return active && path && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

static int isWatched(int fd) { return active && fd >= 0 && fd < (int)sizeof watched && watched[fd]; }

/* how: 0 not watched, 1 open to read, 2 open to write. */
static int watch(int fd, int how) {
  if (fd >= 0 && fd < (int)sizeof watched) watched[fd] = how;
  return fd;
}

/* Whether a call can be the first to meet a fault. */
static int begins(int fault, int does) {
  return fault == FULL ? does & ALLOCATES : fault == SHORT ? does & WRITES_BYTES : fault == DENIED ? does & HAS_PATH : 1;
}

/* Whether a call fails now; sets errno. -1 for a write that takes half. */
static int meets(int does) {
  if (kind == NONE)
    for (int i = FULL; i <= DENIED; i++) if (begins(i, does)) __atomic_add_fetch(&calls[i], 1, __ATOMIC_SEQ_CST);
  if (kind == NONE) return 0;
  int first = begins(kind, does);
  /* After half a write the disk has no room for anything. */
  if (!first && !(kind == SHORT && does & ALLOCATES)) return 0;
  long now = first ? __atomic_add_fetch(&calls[kind], 1, __ATOMIC_SEQ_CST)
    : __atomic_load_n(&calls[kind], __ATOMIC_SEQ_CST) + 1;
  int once = kind == FAULT || kind == DENIED;
  if (once ? now != chosen : first ? now < chosen : now <= chosen) return 0;
  errno = kind == DENIED ? EACCES : kind == FULL || kind == SHORT ? ENOSPC : EIO;
  return kind == SHORT && now == chosen ? -1 : 1;
}

#define FAILS_AT(path, does) (inside(path) && meets((does) | HAS_PATH))

static int order(const char *path) {
  if (strncmp(path, ":disk:", 6)) return 0;
  active = 0;
  char copy[PATH_MAX];
  snprintf(copy, sizeof copy, "%s", path + 6);
  char *number = strchr(copy, ':'), *rest = number ? strchr(number + 1, ':') : NULL;
  if (!rest) return 1;
  *number++ = *rest++ = 0;
  snprintf(folder, sizeof folder, "%s", rest);
  chosen = atol(number);
  memset(calls, 0, sizeof calls);
  for (int i = NONE; i <= DENIED; i++) if (!strcmp(copy, names[i])) kind = i;
  active = 1;
  return 1;
}

int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  if (order(path)) return 0;
  return FAILS_AT(path, ALLOCATES) ? -1 : real(path, mode);
}

ssize_t readlink(const char *path, char *text, size_t length) {
  REAL(readlink);
  if (!strcmp(path, ":disk:calls"))
    return snprintf(text, length, "%ld %ld %ld %ld %ld", calls[FULL], calls[SHORT], calls[FAULT], calls[GONE], calls[DENIED]);
  return FAILS_AT(path, READS) ? -1 : real(path, text, length);
}

#define OPENS(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    va_list list; \
    va_start(list, flags); \
    mode_t mode = va_arg(list, int); \
    va_end(list); \
    if (FAILS_AT(path, flags & O_CREAT ? ALLOCATES : READS)) return -1; \
    return watch(real(path, flags, mode), inside(path) ? 1 + ((flags & O_ACCMODE) != O_RDONLY) : 0); \
  }
OPENS(open)
OPENS(open64)

/* Closing fails where the disk still had to write. The file is closed all the same. */
#define CLOSES(fd, closing) \
  int fails = isWatched(fd) && watched[fd] == 2 && meets(READS); \
  int error = errno, result = (closing); \
  watch(fd, 0); \
  if (!fails) return result; \
  errno = error; \
  return -1;

int close(int fd) {
  REAL(close);
  CLOSES(fd, real(fd))
}

#define READS_BYTES(type, name, parameters, arguments) \
  type name parameters { REAL(name); return isWatched(fd) && meets(READS) ? -1 : real arguments; }
READS_BYTES(ssize_t, read, (int fd, void *bytes, size_t length), (fd, bytes, length))
READS_BYTES(ssize_t, pread, (int fd, void *bytes, size_t length, off_t at), (fd, bytes, length, at))
READS_BYTES(ssize_t, pread64, (int fd, void *bytes, size_t length, off64_t at), (fd, bytes, length, at))
READS_BYTES(ssize_t, readv, (int fd, const struct iovec *parts, int count), (fd, parts, count))
READS_BYTES(ssize_t, preadv64, (int fd, const struct iovec *parts, int count, off64_t at), (fd, parts, count, at))

#define WRITES(name, parameters, arguments) \
  ssize_t name parameters { \
    REAL(name); \
    int fails = isWatched(fd) ? meets(ALLOCATES | WRITES_BYTES) : 0; \
    if (fails > 0) return -1; \
    if (fails < 0 && !(length /= 2)) return -1; \
    return real arguments; \
  }
WRITES(write, (int fd, const void *bytes, size_t length), (fd, bytes, length))
WRITES(pwrite, (int fd, const void *bytes, size_t length, off_t at), (fd, bytes, length, at))
WRITES(pwrite64, (int fd, const void *bytes, size_t length, off64_t at), (fd, bytes, length, at))
/* Of several parts, a short write takes the first half of them. */
WRITES(writev, (int fd, const struct iovec *parts, int length), (fd, parts, length))
WRITES(pwritev64, (int fd, const struct iovec *parts, int length, off64_t at), (fd, parts, length, at))

#define ON_FILE(name, does, parameters, arguments) \
  int name parameters { REAL(name); return isWatched(fd) && meets(does) ? -1 : real arguments; }
#define FLUSHES(name) \
  int name(int fd) { \
    REAL(name); \
    if (!isWatched(fd)) return real(fd); \
    return meets(ALLOCATES) ? -1 : 0; \
  }
/* Nothing there outlives the machine: flushing would only take time. */
FLUSHES(fsync)
FLUSHES(fdatasync)
ON_FILE(ftruncate64, ALLOCATES, (int fd, off64_t length), (fd, length))

#define ON_PATH(name, does, parameters, arguments) \
  int name parameters { REAL(name); return FAILS_AT(path, does) ? -1 : real arguments; }
ON_PATH(access, READS, (const char *path, int mode), (path, mode))
ON_PATH(unlink, READS, (const char *path), (path))
ON_PATH(rmdir, READS, (const char *path), (path))
ON_PATH(chmod, READS, (const char *path, mode_t mode), (path, mode))
ON_PATH(rename, ALLOCATES, (const char *path, const char *to), (path, to))
ON_PATH(link, ALLOCATES, (const char *path, const char *to), (path, to))
ON_PATH(symlink, ALLOCATES, (const char *to, const char *path), (to, path))
ON_PATH(utimensat, READS, (int at, const char *path, const struct timespec times[2], int flags), (at, path, times, flags))
ON_PATH(scandir64, READS, (const char *path, struct dirent64 ***list, int (*select)(const struct dirent64 *),
  int (*compare)(const struct dirent64 **, const struct dirent64 **)), (path, list, select, compare))

/* Node closes files and asks for their size and time by the calls' numbers. */
long syscall(long number, ...) {
  REAL(syscall);
  long a[6];
  va_list list;
  va_start(list, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  if (number == SYS_close) {
    CLOSES((int)a[0], real(number, a[0]))
  }
  if (number == SYS_statx) {
    const char *path = (const char *)a[1];
    if (path && *path ? FAILS_AT(path, READS) : isWatched((int)a[0]) && meets(READS)) return -1;
  }
  return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
