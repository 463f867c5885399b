// A service that says when it runs, and the means to kill one and say when. Times are CLOCK_MONOTONIC nanoseconds.
// Usage: "#!/path/service FILE" as the first line of a run script appends "PID TIME\n" to FILE and never ends.
//        service kill PID prints "TIME\n", then sends SIGKILL.

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1000000000LL + at.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc < 3) return 100;
  if (!strcmp(argv[1], "kill")) {
    printf("%lld\n", now());
    return kill((pid_t)atol(argv[2]), SIGKILL) < 0 ? 111 : 0;
  }
  int fd = open(argv[1], O_WRONLY | O_APPEND | O_CREAT, 0644);
  if (fd < 0) return 111;
  dprintf(fd, "%ld %lld\n", (long)getpid(), now());
  close(fd);
  // Ready, where a notification on this descriptor is asked for.
  if (write(3, "\n", 1) == 1) close(3);
  for (;;) pause();
}
