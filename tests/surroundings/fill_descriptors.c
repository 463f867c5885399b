// fill_descriptors PROGRAM ARGUMENTS...: becomes the program, with every descriptor open that its limit allows.

#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 2) return 100;
  while (dup(0) >= 0) {}
  execv(argv[1], argv + 1);
  perror("fill_descriptors: unable to exec");
  return 127;
}
