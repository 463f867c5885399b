// What a hostile user of a service does, and how another service fares meanwhile. Built static by its test.
//   attack          signals process 1 and stops everything of its own user that it finds, without end
//   flood           fills the notification descriptor 3 without ever writing a newline
//   lease FILE      holds a write lease on the file and never gives it up
//   good            notes its pid and the time, notifies readiness, waits
//   restart N       kills `good` N times and prints the longest time until it ran again
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *note = "/tmp/good";

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void pause_for(long nanoseconds) {
  struct timespec t = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  nanosleep(&t, 0);
}

static void attack_process(pid_t pid) {
  struct rlimit none = {0, 0};
  char path[64];
  prlimit(pid, RLIMIT_NOFILE, &none, 0);
  setpriority(PRIO_PROCESS, pid, 19);
  ptrace(PTRACE_SEIZE, pid, 0, 0);
  snprintf(path, sizeof path, "/proc/%d/mem", pid);
  int fd = open(path, O_RDWR);
  if (fd >= 0) close(fd);
  kill(pid, SIGSTOP);
}

static void attack(void) {
  for (;;) {
    for (int signal = 1; signal < 65; signal++) kill(1, signal);
    DIR *processes = opendir("/proc");
    for (struct dirent *entry; processes && (entry = readdir(processes));) {
      pid_t pid = atoi(entry->d_name);
      struct stat status;
      char path[64];
      snprintf(path, sizeof path, "/proc/%d", pid);
      if (pid > 1 && pid != getpid() && stat(path, &status) == 0 && status.st_uid == getuid()) attack_process(pid);
      // A player is root's for all that read /proc: it is found by trying.
      else if (pid > 1 && pid != getpid()) kill(pid, SIGSTOP);
    }
    if (processes) closedir(processes);
  }
}

static void flood(void) {
  static char bytes[65536];
  memset(bytes, 'x', sizeof bytes);
  for (;;) {
    if (write(3, bytes, sizeof bytes) < 0) pause();
  }
}

static void good(void) {
  char text[64];
  snprintf(text, sizeof text, "%d %lld\n", getpid(), now());
  int fd = open("/tmp/good.new", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (write(fd, text, strlen(text)) < 0) exit(1);
  close(fd);
  rename("/tmp/good.new", note);
  if (write(3, "\n", 1) < 0) exit(1);
  for (;;) pause();
}

static int read_note(pid_t *pid, long long *at) {
  FILE *file = fopen(note, "r");
  if (!file) return 0;
  int read = fscanf(file, "%d %lld", pid, at) == 2;
  fclose(file);
  return read;
}

static void restart(int times) {
  long long worst = 0;
  for (int i = 0; i < times; i++) {
    pid_t old, pid;
    long long at, killed;
    while (!read_note(&old, &at)) pause_for(10000000);
    // A service that has been up for a second is started again at once.
    while (now() < at + 1200000000LL) pause_for(10000000);
    killed = now();
    kill(old, SIGKILL);
    while (!read_note(&pid, &at) || pid == old) pause_for(1000000);
    if (at - killed > worst) worst = at - killed;
  }
  printf("%d restarts, the slowest after %.1f ms\n", times, worst / 1e6);
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  if (!strcmp(what, "attack")) attack();
  if (!strcmp(what, "flood")) flood();
  if (!strcmp(what, "good")) good();
  if (!strcmp(what, "restart")) restart(atoi(argv[2]));
  if (!strcmp(what, "lease")) {
    fcntl(open(argv[2], O_RDWR), F_SETLEASE, F_WRLCK);
    signal(SIGIO, SIG_IGN);
    for (;;) pause();
  }
  return 0;
}
