// Prints numbered lines on standard output, in a way that is named by the argument and that the reader of a pipe may not
// expect, then "end", and stays.

#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

enum { LINES = 500, LENGTH = 7, MOST = 1 << 20, PAGE = 4096 };

static void say(char const *text, size_t size) {
  // It may be non-blocking.
  for (ssize_t done; size > 0; size -= done, text += done)
    while ((done = write(1, text, size)) < 0) usleep(100);
}

// Pages that change when they are in the pipe.
static void gift(void) {
  char *pages = mmap(0, MOST, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int round = 0; round < 200; round++) {
    struct iovec all = {pages, 16 * PAGE};
    vmsplice(1, &all, 1, SPLICE_F_NONBLOCK | SPLICE_F_GIFT);
    memset(pages, round & 1 ? '\n' : 'x', 16 * PAGE);
  }
}

// Pages of a file that is cut off when they are in the pipe.
static void cut(void) {
  int file = open("/tmp/cut", O_RDWR | O_CREAT | O_TRUNC, 0600);
  for (int round = 0; round < 20; round++) {
    loff_t from = 0;
    ftruncate(file, MOST);
    splice(file, &from, 1, 0, PAGE, SPLICE_F_NONBLOCK);
    ftruncate(file, 0);
  }
}

int main(int argc, char **argv) {
  if (argc != 2) return 100;
  char const *way = argv[1];
  if (!strcmp(way, "narrow")) fcntl(1, F_SETPIPE_SZ, PAGE);
  if (!strcmp(way, "packets") || !strcmp(way, "bytes")) {
    fcntl(1, F_SETFL, O_DIRECT);
    fcntl(1, F_SETPIPE_SZ, MOST);
  }
  if (!strcmp(way, "signals")) {
    fcntl(1, F_SETOWN, getppid());
    fcntl(1, F_SETSIG, SIGKILL);
    fcntl(1, F_SETFL, O_ASYNC | O_NONBLOCK);
  }
  if (!strcmp(way, "gift")) gift();
  if (!strcmp(way, "cut")) cut();
  say("\n", 1);
  for (int number = 0; number < LINES; number++) {
    char line[LENGTH + 1];
    snprintf(line, sizeof line, "n%05d\n", number);
    if (strcmp(way, "bytes")) say(line, LENGTH);
    else for (int at = 0; at < LENGTH; at++) say(line + at, 1);
  }
  say("end\n", 4);
  for (;;) pause();
}
