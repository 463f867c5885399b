// Becomes the command of its arguments, which has no capabilities: of a process of root only the user is left.

#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 2) return 100;
  for (int capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0; capability++);
  execvp(argv[1], argv + 1);
  return 126;
}
