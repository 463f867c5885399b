// The threads of a process take turns: one runs until it waits for another, in an order that depends on nothing but what they
// do. The order in which threads come to the C library's heap moves all that lies behind it.

#include "turns.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_THREADS = 64, CALL_STOP = SIGTRAP | 0x80 };

static struct thread threads[MOST_THREADS];
static int count;

// Microseconds between two looks at threads that all wait, and how many such looks are made before it is given up.
#define PAUSE 1000
#define MOST_PAUSES 60000

pid_t thread_of_number(half number) {
  for (int i = 0; i < count; i++) {
    if (threads[i].id && threads[i].number == number) return threads[i].id;
  }
  return 0;
}

half number_of_thread(pid_t id) {
  for (int i = 0; i < count; i++) {
    if (threads[i].id == id) return threads[i].number;
  }
  return 0;
}

static struct thread *add_thread(pid_t id) {
  if (count == MOST_THREADS) fputs("the program has more threads than can take turns\n", stderr), exit(1);
  struct thread *thread = &threads[count];
  *thread = (struct thread){.id = id, .number = FIRST_NUMBER + (half)count};
  count++;
  return thread;
}

static void read_line(pid_t id, const char *name, char *line, size_t size) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", id, name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? -1 : read(fd, line, size - 1);
  line[length < 0 ? 0 : length] = 0;
  if (fd >= 0) close(fd);
}

// Whether the kernel has laid it to sleep in a call: nothing but another thread or the time ends that.
static int sleeps(pid_t id) {
  char call[64], status[512];
  read_line(id, "syscall", call, sizeof call);
  if (*call < '0' || *call > '9') return 0;
  read_line(id, "stat", status, sizeof status);
  char *at = status;
  for (char *p = status; *p; p++) {
    if (*p == ')') at = p;
  }
  return at[0] && at[1] && at[2] == 'S';
}

// True if it has stopped, false if it sleeps.
static int settles(struct thread *thread) {
  for (;;) {
    pid_t got = waitpid(thread->id, &thread->status, __WALL | (thread->may_wait ? WNOHANG : 0));
    if (got < 0) fail("wait for a thread");
    if (got > 0) return thread->has_stopped = 1;
    if (sleeps(thread->id)) return 0;
  }
}

// Sees to it that each thread that another one has woken has come to its stop.
static void settle_all(void) {
  for (int i = 0; i < count; i++) {
    struct thread *thread = &threads[i];
    if (thread->id && thread->is_waiting && settles(thread)) thread->is_waiting = 0;
  }
}

// The next one in the order of their births that does not wait; none if all do, and are not to be waited for.
static struct thread *next_after(struct thread *current, int is_over) {
  int from = (int)(current - threads);
  for (int pauses = 0; pauses < MOST_PAUSES; pauses++) {
    settle_all();
    for (int i = 1; i <= count; i++) {
      struct thread *thread = &threads[(from + i) % count];
      if (thread->id && !thread->is_waiting && !(is_over && thread == threads)) return thread;
    }
    if (is_over) return 0;
    usleep(PAUSE);
  }
  fputs("all threads of the program wait\n", stderr);
  exit(1);
}

static void take_birth(struct thread *parent) {
  unsigned long id;
  int status;
  if (ptrace(PTRACE_GETEVENTMSG, parent->id, 0, &id) < 0) fail("new thread");
  if (waitpid((pid_t)id, &status, __WALL) < 0) fail("wait for a new thread");
  name_thread(parent, add_thread((pid_t)id));
}

static _Noreturn void end_too_early(const struct thread *thread) {
  unsigned long status = (unsigned long)thread->status;
  if (WIFSTOPPED(thread->status)) ptrace(PTRACE_GETEVENTMSG, thread->id, 0, &status);
  fprintf(stderr, "the program ended too early, with status %lx\n", status);
  exit(1);
}

// What a stop means: true if it is the one that is waited for.
static int see(struct thread *thread, int until) {
  int status = thread->status;
  thread->has_stopped = thread->signal = 0;
  if (status >> 8 == until && thread == threads) return 1;
  int is_over = !WIFSTOPPED(status);
  if (thread == threads && (is_over || status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8))) end_too_early(thread);
  if (is_over) {
    thread->id = 0;
  } else if (WSTOPSIG(status) == CALL_STOP) {
    thread->is_in_call = !thread->is_in_call;
    if (thread->is_in_call) call_begins(thread);
    else call_ends(thread);
  } else if (status >> 8 == (SIGTRAP | PTRACE_EVENT_CLONE << 8)) {
    take_birth(thread);
  } else if (WSTOPSIG(status) != SIGTRAP && !(WSTOPSIG(status) == SIGSEGV && is_counter_read(thread))) {
    thread->signal = WSTOPSIG(status);
  }
  return 0;
}

void run_in_turns(pid_t process, int until) {
  count = 0;
  struct thread *thread = add_thread(process);
  tell_at_start(thread);
  for (int is_over = 0; thread; thread = next_after(thread, is_over)) {
    while (!is_over || thread != threads) {
      if (thread->has_stopped && see(thread, until)) is_over = 1;
      if (!thread->id || thread->yields || (is_over && thread == threads)) break;
      if (ptrace(PTRACE_SYSCALL, thread->id, 0, thread->signal) < 0) fail("continue");
      thread->is_waiting = !settles(thread);
      if (thread->is_waiting) break;
    }
    thread->yields = 0;
  }
}
