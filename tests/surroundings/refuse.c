// refuse ERRNO NUMBER,NUMBER,... PROGRAM ARGUMENTS...: becomes the program, under a filter of system calls as container
// engines set one up, which answers those numbers with the error and lets all others through. NUMBER+ is all from there on.

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct sock_filter filter[128] = {{BPF_LD | BPF_W | BPF_ABS, 0, 0, 0}};
  unsigned short count = 1;
  if (argc < 4) return 100;
  for (char *number = strtok(argv[2], ","); number && count < 126; number = strtok(NULL, ",")) {
    int kind = strchr(number, '+') ? BPF_JGE : BPF_JEQ;
    filter[count++] = (struct sock_filter){BPF_JMP | kind | BPF_K, 0, 1, (unsigned)atoi(number)};
    filter[count++] = (struct sock_filter){BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | (unsigned)atoi(argv[1])};
  }
  filter[count++] = (struct sock_filter){BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
  struct sock_fprog program = {count, filter};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
    perror("refuse: unable to set a filter");
    return 111;
  }
  execv(argv[3], argv + 3);
  perror("refuse: unable to exec");
  return 127;
}
