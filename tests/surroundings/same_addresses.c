// Executes a program without randomization of addresses, as kernel.randomize_va_space=0 and some debuggers have it.

#include <sys/personality.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 2 || personality(ADDR_NO_RANDOMIZE) < 0) return 95;
  execv(argv[1], argv + 1);
  return 111;
}
