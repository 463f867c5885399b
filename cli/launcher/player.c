// The player: what a new process does to itself before it becomes its program. A plan says it (lib/os/plan.ts), in a
// sealed memory file; everything has been decided by then. operations.h is printed from the declaration of the
// operations. What the player promises while it plays, and to whom, is in docs/security.md.

static uword undone;         // the operation at work
static word report_fd;       // where news goes
static const struct plan *plan;
static char **pointers;      // room for the arguments and variables of all programs of the plan
static int has_run, was_root;
static uword skipped;        // how many of the operations that follow are not for this process
static struct { word has_failed, pid; } *news;  // of a child: its program could not be started; its pid, if it is not our child
static int is_child, is_alone;
static int told_fd = -1;     // by closing it a child tells that its program runs
static int aside = -1;       // where what a child prints is read bit by bit

static void play_answered(void);

#define TEXT(operation, field) ((char *)(operation) + (operation)->field)

static word open_at(const char *path, word flags, word mode) { return call(OPENAT, AT_FDCWD, (word)path, flags, mode); }

static word duplicate_onto(word from, word to) {
  // The same number twice only takes close-on-exec away.
  return from == to ? call(FCNTL, from, F_SETFD, 0, 0) : call(DUP3, from, to, 0, 0);
}

static word land(word fd, word to) {
  if (fd < 0 || fd == to) return fd;
  word result = duplicate_onto(fd, to);
  call(CLOSE, fd, 0, 0, 0);
  return result;
}

static word play_foreground(const struct op_foreground *op) {
  // A background group that asks for this is stopped by SIGTTOU unless the signal is blocked.
  uword blocked = 1UL << (SIGTTOU - 1), found = 0;
  half group = call(GETPGID, 0, 0, 0, 0);
  call(SIGPROCMASK, SIG_BLOCK, (word)&blocked, (word)&found, 8);
  word result = call(IOCTL, op->fd, TIOCSPGRP, (word)&group, 0);
  call(SIGPROCMASK, SIG_SETMASK, (word)&found, 0, 8);
  return result;
}

static word play_directory(const struct op_directory *op) { return call(CHDIR, (word)TEXT(op, path), 0, 0, 0); }

static word play_umask(const struct op_umask *op) { return call(UMASK, op->mask, 0, 0, 0); }

static word play_groups(const struct op_groups *op) { return call(SETGROUPS, op->groups_count, (word)TEXT(op, groups), 0, 0); }

// The kernel takes this one for "unchanged": a process that asks for it would keep the ids that it has.
static int is_no_id(uword id) { return (half)id == (half)-1; }

static word play_groupId(const struct op_groupId *op) {
  return is_no_id(op->id) ? -EINVAL : call(SETRESGID, op->id, op->id, op->id, 0);
}

// The saved id stays root's until the exec, so that the user can change neither limits nor priority of this process by
// then. With it a second change of user in the same chain would succeed where it must not: then it goes first.
static word play_userId(const struct op_userId *op) {
  half real = 0, effective = 0, saved = 0;
  if (is_no_id(op->id)) return -EINVAL;
  call(GETRESUID, (word)&real, (word)&effective, (word)&saved, 0);
  if (was_root) call(SETRESUID, -1, -1, effective, 0);
  word result = call(SETRESUID, op->id, op->id, -1, 0);
  if (result < 0 || effective != 0 || op->id == 0) return result;
  was_root = 1;
  // With a saved id of root these would outlast the change, where setuid(2) ends them.
  call(PRCTL, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0);
  // The change of ids has done that already, unless the machine says otherwise (fs.suid_dumpable).
  return call(PRCTL, PR_SET_DUMPABLE, 0, 0, 0);
}

static word play_limit(const struct op_limit *op) {
  uword now[2] = {0};
  word result = call(PRLIMIT, 0, op->resource, 0, (word)now);
  if (result < 0) return result;
  uword most = op->which == 1 ? now[1] : ~0UL, value = (uword)op->value > most ? most : (uword)op->value;
  uword wanted[2] = {op->which == 2 ? now[0] : value, op->which == 1 ? now[1] : value};
  return call(PRLIMIT, 0, op->resource, (word)wanted, 0);
}

static word play_session(const struct op_session *op) {
  (void)op;
  return call(SETSID, 0, 0, 0, 0);
}

static word play_group(const struct op_group *op) { return call(SETPGID, 0, op->group, 0, 0); }

static word play_open(const struct op_open *op) {
  const char *path = TEXT(op, path);
  word fd = open_at(path, op->flags, op->mode);
  if (fd == -ENXIO && (op->flags & O_ACCMODE) == O_WRONLY) {
    // A fifo without a reader: with one of our own for a moment the non-blocking open succeeds.
    word reader = open_at(path, O_NONBLOCK | O_CLOEXEC, 0);
    if (reader < 0) return reader;
    fd = open_at(path, op->flags, op->mode);
    call(CLOSE, reader, 0, 0, 0);
  }
  if (fd >= 0 && op->blocking != 2) {
    word flags = call(FCNTL, fd, F_GETFL, 0, 0) & ~(word)O_NONBLOCK;
    call(FCNTL, fd, F_SETFL, op->blocking ? flags : flags | O_NONBLOCK, 0);
  }
  return land(fd, op->fd);
}

static word play_copy(const struct op_copy *op) { return duplicate_onto(op->from, op->to); }

static word play_move(const struct op_move *op) {
  word result = duplicate_onto(op->from, op->to);
  if (result >= 0 && op->from != op->to) call(CLOSE, op->from, 0, 0, 0);
  return result;
}

static word play_close(const struct op_close *op) {
  call(CLOSE, op->fd, 0, 0, 0);
  return 0;
}

// Under its final number before it is locked: the close of any other would end the lock.
static word play_lock(const struct op_lock *op) {
  word fd = land(open_at(TEXT(op, path), O_WRONLY | O_CREAT, 0666), op->fd);
  if (fd < 0) return fd;
  struct { short type, whence; word start, size; half pid; } whole = {F_WRLCK, 0, 0, 0, 0};
  word result;
  do result = call(FCNTL, op->fd, F_SETLKW, (word)&whole, 0);
  while (result == -EINTR);
  return result;
}

static word play_openFiles(const struct op_openFiles *op) {
  call(PRLIMIT, 0, RLIMIT_NOFILE, (word)&op->soft, 0);
  return 0;
}

static word play_oomScore(const struct op_oomScore *op) {
  word fd = open_at("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC, 0);
  if (fd < 0) return 0;
  write_all(fd, TEXT(op, score), length(TEXT(op, score)));
  call(CLOSE, fd, 0, 0, 0);
  return 0;
}

static word play_signals(const struct op_signals *op) {
  uword action[4] = {op->pipe_ignored ? SIG_IGN : SIG_DFL};
  call(SIGACTION, SIGPIPE, (word)action, 0, 8);
  return call(SIGPROCMASK, SIG_SETMASK, (word)&op->blocked, 0, 8);
}

static word play_print(const struct op_print *op) {
  const char *at = TEXT(op, text);
  for (uword left = op->bytes; left;) {
    word written = call(WRITE, op->fd, (word)at, left, 0);
    if (written == -EINTR) continue;
    if (written == -EAGAIN) {
      struct { int fd; short wanted, found; } poll = {op->fd, POLLOUT, 0};
      call6(PPOLL, (word)&poll, 1, 0, 0, 0, 0);
      continue;
    }
    if (written < 0) return op->fd == 2 ? 0 : written;
    at += written;
    left -= written;
  }
  return 0;
}

// The program goes on reading there.
static void keep_aside(void) {
  if (aside >= 0) call(FCNTL, aside, F_SETFD, 0, 0);
}

// As the program that this process was called as. What a child was called as is for its parent to know.
static _Noreturn void go_on_alone(void) {
  if (is_child) {
    news->has_failed = 1;
    leave(111);
  }
  keep_aside();
  hang_up();
  word error = become_program(called.executed, called.argc, called.argv, called.envc, called.envp);
  complain("s6-overlay: fatal: unable to exec " PROGRAM ": ");
  complain(reason(error));
  leave(error == ENOENT ? 127 : 126);
}

static word play_send(const struct op_send *op) {
  word fd = open_at(TEXT(op, path), O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0);
  if (fd < 0) go_on_alone();
  word written = op->bytes ? call(WRITE, fd, (word)TEXT(op, text), op->bytes, 0) : 0;
  if (written < (word)op->bytes) go_on_alone();
  call(CLOSE, fd, 0, 0, 0);
  return 0;
}

static char **list_words(char **list, char *text, uword count) {
  for (; count; count--, text += length(text) + 1) *list++ = text;
  *list++ = 0;
  return list;
}

#include "child.c"

static word play_ask(const struct op_ask *op) {
  char **argv = pointers, **envp = list_words(argv, TEXT(op, argv), op->argv_count);
  pointers = list_words(envp, TEXT(op, env), op->env_count);
  called = (struct called){argv[0], op->argv_count, argv, op->env_count, envp};
  keep_results(op->keep);
  if (!is_alone) play_answered();
  go_on_alone();
}

static word play_exit(const struct op_exit *op) { leave(op->exit_code); }

static word play_running(const struct op_running *op) {
  (void)op;
  char byte = TOLD_RUNNING;
  has_run = 1;
  if (told_fd >= 0) call(CLOSE, told_fd, 0, 0, 0);
  told_fd = -1;
  call(WRITE, report_fd, (word)&byte, 1, 0);
  return 0;
}

// Tries the candidates as execvp does. Returns the first reason but that there is nothing.
static word try_candidates(const struct op_execute *op, char **argv, char **envp) {
  word refused = -ENOENT;
  char *path = TEXT(op, candidates);
  for (uword i = 0; i < op->candidates_count; i++, path += length(path) + 1) {
    word error = call(EXECVE, (word)path, (word)argv, (word)envp, 0);
    if (error == -ENOENT || error == -ENOTDIR) continue;
    if (refused == -ENOENT) refused = error;
    if (error != -EACCES && error != -EPERM && error != -EISDIR) return error;
  }
  return refused;
}

static word play_execute(const struct op_execute *op) {
  char **argv = pointers, **envp = list_words(argv, TEXT(op, argv), op->argv_count);
  pointers = list_words(envp, TEXT(op, env), op->env_count);
  word error = try_candidates(op, argv, envp);
  return op->may_fail ? 0 : error;
}

static word play_one(const struct operation *op) {
  switch (op->code) {
#define PLAY(name) case OP_##name: return play_##name((const struct op_##name *)op);
    OPERATIONS(PLAY)
  }
  return -EINVAL;
}

static void report_failure(word error) {
  half record[3] = {TOLD_FAILED, undone, error};
  if (is_child && !has_run) news->has_failed = 1;
  if (!has_run) call(WRITE, report_fd, (word)record, sizeof record, 0);
}

// The plan may have left no descriptor for it. The limit that it has set holds again afterwards: another program may
// follow.
static word memory_file_of_plan(void) {
  uword limits[2] = {0};
  word known = call(PRLIMIT, 0, RLIMIT_NOFILE, 0, (word)limits);
  if (known == 0) may_open_files(limits);
  word fd = above_standard(call(MEMFD, (word) "plan", 0, 0, 0));
  if (known == 0) call(PRLIMIT, 0, RLIMIT_NOFILE, (word)limits, 0);
  if (fd >= 0) write_all(fd, plan, plan->size);
  return fd;
}

// The program has two threads of its own. A limit of processes counts dead ones too, until they are waited for.
static int may_have_threads(void) {
  word pids[2];
  for (int i = 0; i < 2; i++) {
    pids[i] = call(CLONE, SIGCHLD, 0, 0, 0);
    if (pids[i] == 0) leave(0);
  }
  for (int i = 0; i < 2; i++) {
    while (pids[i] > 0 && call(WAIT4, pids[i], 0, 0, 0) == -EINTR);
  }
  return pids[0] > 0 && pids[1] > 0;
}

static const char *text_of(word error) {
  switch (error) {
#define TEXT_OF(number, text) case number: return text;
    ERRORS(TEXT_OF)
  }
  return 0;
}

// An error in the words of lib/ needs the whole program. Where even that cannot be had, the texts of the plan must do.
static _Noreturn void tell_failure(const struct operation *op, word plan_fd, word error) {
  int is_exec = op->code == OP_execute;
  hang_up();
  word code = !is_exec ? 111 : error == ENOENT ? 127 : 126;
  if ((plan->quiet || is_child) && !has_run) {
    report_failure(error);
    leave(code);
  }
  if (plan_fd < 0) plan_fd = memory_file_of_plan();
  char numbers[4][24];
  // Without a report the plan stands in for it: nothing is reported to the process that asked for it.
  uword values[4] = {plan_fd, report_fd < 0 ? plan_fd : report_fd, undone, error};
  char *argv[6] = {FAILED_PLAYER};
  for (int i = 0; i < 4; i++) {
    write_number(numbers[i], values[i]);
    argv[i + 1] = numbers[i];
  }
  if (report_fd >= 0) call(FCNTL, report_fd, F_SETFD, 0, 0);
  call(FCNTL, plan_fd, F_SETFD, 0, 0);
  if (may_have_threads()) become_program(argv[0], 5, argv, 0, argv + 5);
  report_failure(error);
  complain(TEXT(op, by));
  complain(": fatal: unable to ");
  complain(TEXT(op, action));
  complain(" ");
  complain(TEXT(op, object));
  complain(": ");
  complain(text_of(error) ? text_of(error) : numbers[3]);
  complain("\n");
  leave(code);
}

static const struct operation *next_of(const struct operation *op) {
  return (const struct operation *)((const char *)op + op->size);
}

static void play_operations(word plan_fd) {
  const struct operation *op = (const struct operation *)(plan + 1);
  for (undone = 0; undone < plan->count; undone++) {
    word result = play_one(op);
    if (result < 0) tell_failure(op, plan_fd, -result);
    op = next_of(op);
    for (; skipped; skipped--, undone++) op = next_of(op);
  }
}

static const char no_memory[] = "s6-overlay: fatal: no memory for a plan\n";

// Room for the arguments and variables of all programs of the plan.
static void make_room(void) {
  word room = call6(MMAP, 0, 8 * (plan->pointers + 1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room < 0 && room > -4096) {
    complain(no_memory);
    leave(111);
  }
  pointers = (char **)room;
}

static _Noreturn void play(word plan_fd, word fd) {
  struct plan header = {0};
  report_fd = fd;
  if (call(PREAD, plan_fd, (word)&header, sizeof header, 0) != sizeof header || header.version != PLAN_VERSION) {
    complain("s6-overlay: fatal: launcher and program are of different versions\n");
    leave(111);
  }
  word at = call6(MMAP, 0, header.size, PROT_READ, MAP_PRIVATE, plan_fd, 0);
  if (at < 0 && at > -4096) {
    complain(no_memory);
    leave(111);
  }
  plan = (const struct plan *)at;
  make_room();
  for (uword i = 0; i < plan->private_count; i++) call(FCNTL, plan->private_first + i, F_SETFD, 1, 0);
  play_operations(plan_fd);
  leave(0);
}

// Plays what process 1 answers (ask.c) to what this process is called as, in this process. Returns if it answers
// nothing.
static void play_answered(void) {
  const struct plan *answer = ask(called.executed, called.argc, called.argv, called.envc, called.envp);
  if (!answer) return;
  report_fd = -1;
  for (;;) {
    plan = answer;
    make_room();
    play_operations(-1);
    if (!plan->more) leave(0);
    // What has been done is not done once more. Process 1 is silent only where the container comes to its end.
    int has_done = plan->count > 0;
    answer = heard_last(heard(connection, 0));
    if (answer) continue;
    if (!has_done) go_on_alone();
    complain("s6-overlay: fatal: process 1 does not answer any more\n");
    leave(111);
  }
}
