// Asking process 1, which is awake, what a call comes down to: a runtime of our own takes tens of milliseconds to wake.
// The answer is a plan, which this process plays itself. Whatever is not as it should be, the call is carried out as if
// there were no process 1 to ask. What both sides say is in lib/os/question.ts; the answering side is
// cli/overlay/answers.ts.

// The last answer, and the one before it, which has the words that the next question is about.
static word answers[2][ANSWER_SIZE / sizeof(word)];
static int turn;
// Where the answers come from, as long as there are more.
static word connection = -1;

// Pieces of a message; runs of strings that lie one behind the other are one piece.
struct piece { const void *at; uword size; };
struct pieces { uword count, size; struct piece piece[MOST_PIECES]; };

static void add_piece(struct pieces *pieces, const void *at, uword size) {
  if (pieces->count < MOST_PIECES) pieces->piece[pieces->count] = (struct piece){at, size};
  pieces->count++;
  pieces->size += size;
}

static void add_strings(struct pieces *pieces, char **strings, uword count) {
  for (uword i = 0; i < count;) {
    const char *start = strings[i], *end = start;
    do end += length(strings[i]) + 1;
    while (++i < count && strings[i] == end);
    add_piece(pieces, start, end - start);
  }
}

// The inode, which struct stat has behind the device on both architectures, and the device as lib/os has it: 20 bits of
// minor number below the major one. 0 if that is unknown.
static uword inode_of(const char *path, uword *device) {
  uword status[32];
  if (call(NEWFSTATAT, AT_FDCWD, (word)path, (word)status, 0) < 0) return 0;
  *device = (status[0] >> 8 & 0xfff) << 20 | (status[0] & 0xff) | (status[0] >> 12 & 0xfff00);
  return status[1];
}

// The effective ones; none where that is unknown. Process 1 may look at more than a process without some of its own.
static uword own_capabilities(void) {
  struct { half version, pid; } header = {CAPABILITIES_VERSION, 0};
  half found[6] = {0};  // the effective, permitted and inheritable ones, 32 of them at a time
  if (call(CAPGET, (word)&header, (word)found, 0, 0) < 0) return 0;
  return found[0] | (uword)found[3] << 32;
}

// What listens there must be process 1, with our own uid: no other process is sent anything, or believed.
static int is_process_1(word fd, half user) {
  struct { half pid, user, group; } peer = {0};
  half size = sizeof peer;
  if (call6(GETSOCKOPT, fd, SOL_SOCKET, SO_PEERCRED, (word)&peer, (word)&size, 0) < 0) return 0;
  return peer.pid == 1 && peer.user == user;
}

static word connect_to_process_1(half user) {
  struct { unsigned short family; char path[sizeof QUESTIONS]; } address = {AF_UNIX, QUESTIONS};
  word fd = call(SOCKET, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, 0);
  if (fd < 0) return fd;
  if (call(CONNECT, fd, (word)&address, sizeof address, 0) == 0 && is_process_1(fd, user)) return fd;
  call(CLOSE, fd, 0, 0, 0);
  return -1;
}

static int say(word fd, char *executed, uword argc, char **argv, uword envc, char **envp) {
  struct question question = {
    .version = QUESTION_VERSION, .arguments = argc, .variables = envc, .results = results_count,
    .capabilities = own_capabilities(),
  };
  uword device;  // of the namespaces it is always the same
  question.root = inode_of("/", &question.root_device);
  question.mounts = inode_of("/proc/self/ns/mnt", &device);
  question.pids = inode_of("/proc/self/ns/pid", &device);
  question.users = inode_of("/proc/self/ns/user", &device);
  if (!question.root || !question.mounts || !question.pids || !question.users) return 0;
  struct pieces pieces = {0};
  add_piece(&pieces, &question, sizeof question);
  add_piece(&pieces, results, results_count * sizeof *results);
  add_piece(&pieces, captured, captured_size);
  add_strings(&pieces, &executed, 1);
  add_strings(&pieces, argv, argc);
  add_strings(&pieces, envp, envc);
  if (pieces.count > MOST_PIECES || pieces.size > QUESTION_SIZE) return 0;
  uword message[7] = {0, 0, (uword)pieces.piece, pieces.count};
  return call(SENDMSG, fd, (word)message, MSG_NOSIGNAL, 0) == (word)pieces.size;
}

// @param limit how long the plan is waited for, 0 for as long as it takes
static const struct plan *heard(word fd, const uword *limit) {
  word *answer = answers[turn];
  const struct plan *plan = (const struct plan *)answer;
  struct { int fd; short wanted, found; } poll = {fd, POLLIN, 0};
  word found;
  do found = call6(PPOLL, (word)&poll, 1, (word)limit, 0, 0, 0);
  while (found == -EINTR);
  if (found != 1) return 0;
  word size = call6(RECVFROM, fd, (word)answer, ANSWER_SIZE, 0, 0, 0);
  return size >= (word)sizeof *plan && plan->version == PLAN_VERSION && (word)plan->size == size ? plan : 0;
}

static void hang_up(void) {
  if (connection >= 0) call(CLOSE, connection, 0, 0, 0);
  connection = -1;
}

// The connection is kept where another plan comes behind this one.
static const struct plan *heard_last(const struct plan *plan) {
  if (!plan || !plan->more) hang_up();
  return plan;
}

// The plan that the call comes down to; 0 if process 1 has none to give.
static const struct plan *ask(char *executed, uword argc, char **argv, uword envc, char **envp) {
  half user = call(GETEUID, 0, 0, 0, 0);
  // Also the uid by which a user without a mapping is seen.
  if (user == NOBODY) return 0;
  connection = connect_to_process_1(user);
  if (connection < 0) return 0;
  uword patience[2] = {0, PATIENCE};
  turn ^= 1;
  return heard_last(say(connection, executed, argc, argv, envc, envp) ? heard(connection, patience) : 0);
}
