// The commands that an answer of process 1 has a caller run (ask.c): as its children, waited for, read or left beside it.

enum { PORTION = 1 << 16, ABOVE_SCRIPTS = 64 };

// Reads some more behind what is captured already. Returns its size, 0 at the end.
static word read_portion(word fd) {
  static uword room;
  if (room - captured_size < PORTION) {
    uword more = room ? 2 * room : 2 * PORTION;
    word at = room ? call6(MREMAP, (word)captured, room, more, MREMAP_MAYMOVE, 0, 0)
                   : call6(MMAP, 0, more, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at < 0 && at > -4096) return at;
    captured = (char *)at;
    room = more;
  }
  word count;
  do count = call(READ, fd, (word)(captured + captured_size), PORTION, 0);
  while (count == -EINTR);
  if (count > 0) captured_size += count;
  return count;
}

// What a child prints, until no process can print there any more.
static word capture(word fd) {
  word count;
  do count = read_portion(fd);
  while (count > 0);
  return count;
}

// A pipe on numbers from `lowest` on, where there is room for such numbers; else on any that are not standard
// descriptors.
static int open_pipe(int *ends, int lowest) {
  if (call(PIPE2, (word)ends, O_CLOEXEC, 0, 0) < 0) return 0;
  for (int i = 0; i < 2; i++) {
    if (ends[i] >= lowest) continue;
    int moved = call(FCNTL, ends[i], F_DUPFD_CLOEXEC, lowest, 0);
    if (moved < 0 && ends[i] > 2) continue;
    if (moved < 0) moved = call(FCNTL, ends[i], F_DUPFD_CLOEXEC, 3, 0);
    call(CLOSE, ends[i], 0, 0, 0);
    ends[i] = moved;
  }
  return ends[0] > 2 && ends[1] > 2;
}

static void close_pipe(const int *ends) {
  call(CLOSE, ends[0], 0, 0, 0);
  call(CLOSE, ends[1], 0, 0, 0);
}

static void keep_results(uword count) {
  if (count < results_count) results_count = count;
  captured_size = 0;
  for (uword i = 0; i < results_count; i++) captured_size += results[i].size;
}

// One more result, whose text is what has been captured since the others. Where it cannot be had, the program goes on by
// itself, and says why.
static word add_result(int is_there, uword status, uword before) {
  if (!is_there) {
    captured_size = before;
    return is_alone = 1;
  }
  results[results_count++] = (struct result){status, captured_size - before};
  return 0;
}

static word wait_for(word pid, half *status) {
  word waited;
  do waited = call(WAIT4, pid, (word)status, 0, 0);
  while (waited == -EINTR);
  return waited;
}

// The child has ended; what it prints was read before.
static word end_child(word pid, uword way, const int *ends) {
  half status = 0;
  uword before = captured_size;
  if (way == WAY_capture) {
    call(CLOSE, ends[1], 0, 0, 0);
    word error = pid > 0 ? -capture(ends[0]) : 0;
    call(CLOSE, ends[0], 0, 0, 0);
    if (error) {
      complain("s6-overlay: fatal: unable to read what a command prints: ");
      complain(reason(error));
      leave(111);
    }
  }
  int has_ended = pid > 0 && wait_for(pid, &status) > 0 && !news->has_failed;
  return add_result(has_ended, status, before);
}

// Until the child's program runs, or it has ended: no process holds the other end then. Signals reach us here, as they
// would not in a vfork: a child that has another user's ids can be stopped by that user.
static void wait_until_it_runs(const int *running) {
  char nothing;
  call(CLOSE, running[1], 0, 0, 0);
  while (call(READ, running[0], (word)&nothing, 1, 0) == -EINTR) {}
  call(CLOSE, running[0], 0, 0, 0);
}

// The child goes on beside us, at the other end of a pipe if there is one: ours is our standard input or output, or is kept
// aside.
static word leave_child(word pid, const struct op_child *op, const int *ends, const int *running) {
  half status;
  uword way = op->way;
  int ours = way == WAY_writeTo;
  wait_until_it_runs(running);
  if (pid > 0 && news->has_failed && !op->apart) wait_for(pid, &status);
  int runs = pid > 0 && !news->has_failed;
  if (runs && way == WAY_readAside) {
    aside = ends[0];
    call(CLOSE, ends[1], 0, 0, 0);
    return add_result(1, aside, captured_size);
  }
  if (runs && way != WAY_leave) call(DUP3, ends[ours], ours, 0, 0);
  if (way != WAY_leave) close_pipe(ends);
  return add_result(runs, pid, captured_size);
}

static word clone_child(void) { return call6(CLONE, SIGCHLD, 0, 0, 0, 0, 0); }

// A child of a child that has ended: 0 in that process, its pid in ours.
static word clone_apart(void) {
  half status;
  news->pid = -1;
  word between = clone_child();
  if (between == 0) {
    word pid = clone_child();
    if (pid == 0) return 0;
    news->pid = pid;
    leave(0);
  }
  return between > 0 && wait_for(between, &status) > 0 ? news->pid : -1;
}

// The child's side.
static void begin_child(const struct op_child *op, const int *ends, int runs_at) {
  int theirs = op->way == WAY_writeTo ? 0 : 1;
  is_child = 1;
  told_fd = runs_at;
  has_run = skipped = 0;
  keep_results(0);
  if (ends[theirs] < 0) return;
  call(DUP3, ends[theirs], theirs, 0, 0);
  close_pipe(ends);
}

// False where there is no room for one more, or no process would learn how a child ends.
static int may_have_child(uword keep) {
  uword action[4] = {0};
  keep_results(keep);
  call(SIGACTION, SIGCHLD, 0, (word)action, 8);
  if (!news) {
    word page = call6(MMAP, 0, sizeof *news, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page > 0 || page < -4095) news = (void *)page;
  }
  return news && action[0] != SIG_IGN && results_count < MOST_RESULTS;
}

// A child goes on with its own operations; its parent waits for it and leaves them out. Where it cannot be had, or fails
// before its program would run, the parent goes on as a program of its own, which says why.
static word play_child(const struct op_child *op) {
  skipped = op->operations;
  if (!may_have_child(op->keep)) return is_alone = 1;
  int ends[2] = {-1, -1}, running[2] = {-1, -1};
  int is_left = op->way != WAY_run && op->way != WAY_capture, is_piped = op->way != WAY_run && op->way != WAY_leave;
  if (is_piped && !open_pipe(ends, op->way == WAY_readAside ? ABOVE_SCRIPTS : 3)) return is_alone = 1;
  // High enough to be none that the child's operations name.
  if (is_left && !open_pipe(running, ABOVE_SCRIPTS)) return is_alone = 1;
  news->has_failed = 0;
  word pid = op->apart ? clone_apart() : clone_child();
  if (pid == 0) {
    begin_child(op, ends, running[1]);
    return 0;
  }
  return is_left ? leave_child(pid, op, ends, running) : end_child(pid, op->way, ends);
}

static word play_read(const struct op_read *op) {
  keep_results(op->keep);
  uword before = captured_size;
  return add_result(results_count < MOST_RESULTS && read_portion(op->fd) >= 0, 0, before);
}

// Where the pipe does not take all of the text at once, the program has a child that writes the rest.
static word play_supply(const struct op_supply *op) {
  int ends[2] = {-1, -1};
  keep_results(op->keep);
  int is_there = results_count < MOST_RESULTS && open_pipe(ends, ABOVE_SCRIPTS) &&
                 call(FCNTL, ends[1], F_SETFL, O_NONBLOCK, 0) == 0 &&
                 call(WRITE, ends[1], (word)TEXT(op, text), op->bytes, 0) == (word)op->bytes;
  call(CLOSE, ends[1], 0, 0, 0);
  if (is_there) aside = ends[0];
  else call(CLOSE, ends[0], 0, 0, 0);
  return add_result(is_there, ends[0], captured_size);
}

static word play_wait(const struct op_wait *op) {
  half status = 0;
  keep_results(op->keep);
  int has_ended = results_count < MOST_RESULTS && wait_for(op->pid, &status) > 0;
  return add_result(has_ended, status, captured_size);
}
