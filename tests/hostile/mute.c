// A file system that never answers: it is mounted on the directory that is named, takes every request, reports it on
// standard output, and keeps silent. A process that asks for something waits where no signal reaches it. Ends with
// TERM, or with the process that started it.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fuse.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

static void say(const char *line) {
  if (write(1, line, strlen(line)) < 0) _exit(1);
}

static void take_requests(int fd) {
  static char request[1 << 18];
  while (read(fd, request, sizeof request) > 0) {
    struct fuse_in_header *in = (struct fuse_in_header *)request;
    // Without this one answer nothing else would be sent, and a process that waits for it can be killed.
    if (in->opcode != FUSE_INIT) {
      say("asked\n");
      continue;
    }
    struct {
      struct fuse_out_header out;
      struct fuse_init_out init;
    } answer = {{sizeof answer, 0, in->unique}, {.major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 1 << 16}};
    if (write(fd, &answer, sizeof answer) < 0) perror("answer");
  }
}

int main(int argc, char **argv) {
  if (argc < 2) return 100;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  char options[99];
  int fd = open("/dev/fuse", O_RDWR);
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", fd);
  if (fd < 0 || mount("mute", argv[1], "fuse", 0, options) < 0) {
    perror("mount");
    return 1;
  }
  say("mounted\n");
  take_requests(fd);
  return 0;
}
