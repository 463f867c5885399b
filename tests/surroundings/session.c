// Becomes a command, in a session of its own, and is killed when the thread that started it is gone: what setpriv and
// setsid do together, in one program without libraries to load, as rows start thousands of times.

#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int count, char **words) {
  if (count < 2) return 100;
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || setsid() < 0) {
    perror("session");
    return 111;
  }
  execvp(words[1], words + 1);
  int error = errno;
  fprintf(stderr, "session: unable to run %s: %s\n", words[1], strerror(error));
  return error == ENOENT ? 127 : 126;
}
