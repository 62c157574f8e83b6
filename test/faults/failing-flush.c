/* Preloaded into a process under test: after so many flushes of a WAL the disk fails, as it does once
 * and for all when a sector cannot be written. It touches no other file. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long flushes;

static int fails(int fd) {
  const char *after = getenv("WARDKEY_TEST_FLUSHES");
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (after == NULL || length < 4 || memcmp(path + length - 4, "-wal", 4) != 0) return 0;
  return atomic_fetch_add(&flushes, 1) >= atol(after);
}

int fsync(int fd) {
  int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  if (!fails(fd)) return next(fd);
  errno = EIO;
  return -1;
}

int fdatasync(int fd) {
  int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  if (!fails(fd)) return next(fd);
  errno = EIO;
  return -1;
}
