// Becomes a command, in a session of its own, and is killed when the thread that started it is gone: what setpriv and
// setsid do together, in one program without libraries to load, as rows start thousands of times. With -m FILE it does
// so in another mount namespace, in the directory of the same name.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static int enter_mounts(const char *file) {
  char directory[4096];
  int fd = open(file, O_RDONLY | O_CLOEXEC);
  return fd >= 0 && getcwd(directory, sizeof directory) && setns(fd, CLONE_NEWNS) == 0 && chdir(directory) == 0;
}

int main(int count, char **words) {
  char **command = words + 1;
  int apart = count > 2 && strcmp(words[1], "-m") == 0;
  if (apart) command += 2;
  if (!*command) return 100;
  if ((apart && !enter_mounts(words[2])) || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || setsid() < 0) {
    perror("session");
    return 111;
  }
  execvp(command[0], command);
  int error = errno;
  fprintf(stderr, "session: unable to run %s: %s\n", command[0], strerror(error));
  return error == ENOENT ? 127 : 126;
}
