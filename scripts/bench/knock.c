// Clients of a Unix domain socket that wait for the first byte of what is at the other end.
// Usage: knock SOCKET RATE COUNT   connects that often a second, however slow the answers are, and prints
//                                  "COUNT 50TH-PERCENTILE 99TH-PERCENTILE WORST" in microseconds
//        knock SOCKET idle COUNT   connects as often, prints "ready" when all have got a byte, and stays until standard
//                                  input ends
// Time counts from the connection, which the kernel takes at once; where its queue is full, from the first attempt.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define MOST 100000

static long begun[MOST], taken[MOST];
static int sockets[MOST], count, opened, answered, events;
static struct sockaddr_un address = {.sun_family = AF_UNIX};

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static int compare(const void *a, const void *b) {
  long x = *(const long *)a, y = *(const long *)b;
  return (x > y) - (x < y);
}

// False if the queue is full.
static int open_one(int at) {
  if (!begun[at]) begun[at] = now();
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (connect(fd, (struct sockaddr *)&address, sizeof address)) {
    if (errno != EAGAIN) exit(111);
    close(fd);
    return 0;
  }
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = at};
  sockets[at] = fd;
  return epoll_ctl(events, EPOLL_CTL_ADD, fd, &event) == 0;
}

static void take_answers(long until, int keep) {
  struct epoll_event ready[256];
  long left = until - now();
  struct timespec wait = {left > 0 ? left / 1000000000 : 0, left > 0 ? left % 1000000000 : 0};
  int found = epoll_pwait2(events, ready, 256, &wait, 0);
  for (int i = 0; i < found; i++) {
    char byte;
    int at = ready[i].data.u32;
    if (read(sockets[at], &byte, 1) != 1) exit(112);
    taken[answered++] = now() - begun[at];
    epoll_ctl(events, EPOLL_CTL_DEL, sockets[at], 0);
    if (!keep) close(sockets[at]);
  }
}

int main(int argc, char **argv) {
  if (argc != 4 || strlen(argv[1]) >= sizeof address.sun_path) return 100;
  strcpy(address.sun_path, argv[1]);
  int idle = !strcmp(argv[2], "idle");
  long apart = idle ? 0 : 1000000000L / atoi(argv[2]);
  count = atoi(argv[3]);
  if (count < 1 || count > MOST) return 100;
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  events = epoll_create1(EPOLL_CLOEXEC);
  long start = now();
  while (answered < count) {
    while (opened < count && now() >= start + opened * apart && open_one(opened)) opened++;
    long next = start + opened * apart, tick = now() + 1000000;
    take_answers(opened < count && next > now() ? next : tick, idle);
  }
  if (idle) {
    char byte;
    if (write(1, "ready\n", 6) != 6) return 111;
    return read(0, &byte, 1) != 0;
  }
  qsort(taken, count, sizeof *taken, compare);
  printf("%d %ld %ld %ld\n", count, taken[count / 2] / 1000, taken[count * 99 / 100] / 1000, taken[count - 1] / 1000);
  return 0;
}
