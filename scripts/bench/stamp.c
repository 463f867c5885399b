// Prints "WORD NANOSECONDS" of the monotonic clock, then executes the rest of its arguments, if any. With STAY in the
// environment it stays instead of ending.
// Usage: stamp WORD [ program arguments... ]

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  dprintf(1, "%s %ld%09ld\n", argc > 1 ? argv[1] : "", (long)now.tv_sec, now.tv_nsec);
  if (argc < 3) {
    if (getenv("STAY")) pause();
    return 0;
  }
  execv(argv[2], argv + 2);
  perror(argv[2]);
  return 127;
}
