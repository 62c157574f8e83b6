/* Preloaded into a broker under test: at the next flush of a WAL after the file named in
 * WARDKEY_TEST_DIE_AT was made, it dies by SIGKILL, before the flush or right after it, as the file
 * says ("before" or "after"). It touches no other file. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char order_for(int fd) {
  const char *where = getenv("WARDKEY_TEST_DIE_AT");
  char link[64], path[4096], order = 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (where == NULL || length < 4 || memcmp(path + length - 4, "-wal", 4) != 0) return 0;
  int file = open(where, O_RDONLY);
  if (file < 0) return 0;
  if (read(file, &order, 1) != 1) order = 0;
  close(file);
  return order;
}

static int flush(int fd, const char *name) {
  int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  char order = order_for(fd);
  if (order == 'b') raise(SIGKILL);
  int done = next(fd);
  if (order == 'a') raise(SIGKILL);
  return done;
}

int fsync(int fd) { return flush(fd, "fsync"); }
int fdatasync(int fd) { return flush(fd, "fdatasync"); }
