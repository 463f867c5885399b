// The commands that an answer of process 1 has a caller run (ask.c): as its children, waited for, read or left beside it.

// What a child prints, until no process can print there any more.
static word capture(word fd) {
  static uword room;
  for (;;) {
    if (captured_size == room) {
      uword more = room ? 2 * room : 1 << 16;
      word at = room ? call6(MREMAP, (word)captured, room, more, MREMAP_MAYMOVE, 0, 0)
                     : call6(MMAP, 0, more, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (at < 0 && at > -4096) return at;
      captured = (char *)at;
      room = more;
    }
    word count = call(READ, fd, (word)(captured + captured_size), room - captured_size, 0);
    if (count == -EINTR) continue;
    if (count <= 0) return count;
    captured_size += count;
  }
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
  results_count = count;
  captured_size = 0;
  for (uword i = 0; i < count; i++) captured_size += results[i].size;
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
  if (pid < 0 || wait_for(pid, &status) < 0 || *failure) {
    captured_size = before;
    return is_alone = 1;
  }
  results[results_count++] = (struct result){status, captured_size - before};
  return 0;
}

// Until the child's program runs, or it has ended: no process holds the other end then. Signals reach us here, as they
// would not in a vfork: a child that has another user's ids can be stopped by that user.
static void wait_until_it_runs(const int *running) {
  char nothing;
  call(CLOSE, running[1], 0, 0, 0);
  while (call(READ, running[0], (word)&nothing, 1, 0) == -EINTR) {}
  call(CLOSE, running[0], 0, 0, 0);
}

// The child goes on beside us, at the other end of a pipe if there is one: ours is our standard input or output.
static word leave_child(word pid, uword way, const int *ends, const int *running) {
  half status;
  int ours = way == WAY_writeTo;
  wait_until_it_runs(running);
  if (pid > 0 && *failure) wait_for(pid, &status);
  if (pid < 0 || *failure) is_alone = 1;
  else {
    if (way != WAY_leave) call(DUP3, ends[ours], ours, 0, 0);
    results[results_count++] = (struct result){pid, 0};
  }
  if (way != WAY_leave) close_pipe(ends);
  return 0;
}

// A child goes on with its own operations; its parent waits for it and leaves them out. Where it cannot be had, or fails
// before its program would run, the parent goes on as a program of its own, which says why.
static word play_child(const struct op_child *op) {
  if (!failure) {
    word page = call6(MMAP, 0, sizeof *failure, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    failure = page < 0 && page > -4096 ? 0 : (word *)page;
  }
  skipped = op->operations;
  keep_results(op->keep);
  uword action[4] = {0};
  call(SIGACTION, SIGCHLD, 0, (word)action, 8);
  // No process would learn how it ends.
  if (!failure || action[0] == SIG_IGN || results_count == MOST_RESULTS) return is_alone = 1;
  int ends[2] = {-1, -1}, running[2], reads = op->way == WAY_writeTo;
  int is_left = op->way == WAY_leave || op->way == WAY_readFrom || op->way == WAY_writeTo;
  int is_piped = op->way == WAY_capture || op->way == WAY_readFrom || op->way == WAY_writeTo;
  if (is_piped && !open_pipe(ends, 3)) return is_alone = 1;
  // High enough to be none that the child's operations name.
  if (is_left && !open_pipe(running, 64)) return is_alone = 1;
  *failure = 0;
  word pid = call6(CLONE, SIGCHLD, 0, 0, 0, 0, 0);
  if (pid == 0) {
    is_child = 1;
    told_fd = is_left ? running[1] : -1;
    has_run = skipped = 0;
    keep_results(0);
    if (is_piped) {
      call(DUP3, ends[!reads], !reads, 0, 0);
      close_pipe(ends);
    }
    return 0;
  }
  return is_left ? leave_child(pid, op->way, ends, running) : end_child(pid, op->way, ends);
}
