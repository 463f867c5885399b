// As many processes as it is told, each in a session of its own, which compute and obey no signal.

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  for (int number = 1; number < 65; number++) signal(number, SIG_IGN);
  for (int left = atoi(argv[1]); left > 0; left--) {
    if (fork() != 0) continue;
    setsid();
    for (;;);
  }
  write(1, "crowd\n", 6);
  for (;;);
}
