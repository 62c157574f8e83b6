// Preloaded into pcscd, in tests only; never into anything of ours.
//
// pcscd asks a virtual reader every 400 ms whether a card is there, and vpcd writes a length and a
// payload in two sends, which Nagle and delayed acknowledgement turn into 42 ms. So a thousand taps
// would take a quarter of an hour. This
//   1. divides every sleep of pcscd by FASTPOLL_DIVISOR (1 leaves it as it is),
//   2. switches Nagle off on the sockets that vpcd accepts,
//   3. binds vpcd to loopback, where it would listen to the whole network.
//
// Build: gcc -shared -fPIC -O2 -o fastpoll.so fastpoll.c -ldl

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long divisor(void) {
  static long known;
  if (!known) {
    const char *text = getenv("FASTPOLL_DIVISOR");
    long value = text ? atol(text) : 1;
    known = value < 1 ? 1 : value;
  }
  return known;
}

static int short_sleep(long long microseconds) {
  long long shorter = microseconds / divisor();
  struct timespec wait = {shorter / 1000000, shorter % 1000000 * 1000};
  return clock_nanosleep(CLOCK_MONOTONIC, 0, &wait, NULL) ? -1 : 0;
}

int usleep(useconds_t microseconds) { return short_sleep(microseconds); }

int nanosleep(const struct timespec *wanted, struct timespec *left) {
  (void)left;
  return short_sleep(wanted->tv_sec * 1000000LL + wanted->tv_nsec / 1000);
}

int accept(int listener, struct sockaddr *address, socklen_t *length) {
  static int (*real)(int, struct sockaddr *, socklen_t *);
  if (!real) real = dlsym(RTLD_NEXT, "accept");
  int one = 1, accepted = real(listener, address, length);
  if (accepted >= 0) setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return accepted;
}

int bind(int socket, const struct sockaddr *address, socklen_t length) {
  static int (*real)(int, const struct sockaddr *, socklen_t);
  if (!real) real = dlsym(RTLD_NEXT, "bind");
  if (address->sa_family != AF_INET) return real(socket, address, length);
  struct sockaddr_in loopback = *(const struct sockaddr_in *)address;
  loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return real(socket, (const struct sockaddr *)&loopback, sizeof loopback);
}
