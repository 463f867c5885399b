// Runs a command with more variables in a process group of its own, which is killed after a time, and ends as the command
// does: what env and timeout do together, in one program without libraries to load, as a sweep starts it thousands of
// times. limited SECONDS NAME=VALUE... -- COMMAND...

#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void end_all(int signal) {
  (void)signal;
  kill(0, SIGKILL);
}

int main(int count, char **words) {
  int at = 2, status;
  while (at < count && strcmp(words[at], "--") != 0) putenv(words[at++]);
  if (at + 1 >= count) return 125;
  char **command = words + at + 1;
  setpgid(0, 0);
  pid_t child = fork();
  if (child == 0) {
    execvp(command[0], command);
    int error = errno;
    fprintf(stderr, "limited: unable to run %s: %s\n", command[0], strerror(error));
    return error == ENOENT ? 127 : 126;
  }
  signal(SIGALRM, end_all);
  alarm(atoi(words[1]));
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return 125;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
