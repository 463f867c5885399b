// guard_memory PROGRAM ARGUMENTS...: becomes the program, which can make none of its memory executable, nor can its children.
// Exits 95 where the kernel (before 6.3) has no such guard.

#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { SET_MDWE = 65, REFUSE_EXEC_GAIN = 1 };

int main(int argc, char **argv) {
  if (argc < 2) return 100;
  if (prctl(SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0)) return 95;
  execv(argv[1], argv + 1);
  perror("guard_memory: unable to exec");
  return 127;
}
