// Every applet is a symlink to this program. It puts what it was called with (arguments, environment, signal mask,
// descriptor limits) into a memory file, and executes the real program with an environment of our own, so that
// LD_PRELOAD, NODE_OPTIONS and their like, meant for the user's programs, never reach the runtime under ours. The runtime
// starts in the root directory, as it would fail in one that is removed; ours is handed over as a descriptor.
// Freestanding: it must run in an image without any libc. The reader of the memory file is lib/os/caller.ts.
// Called as a player it plays a plan instead (player.c). Where process 1 can answer what a call comes down to, it plays that
// (ask.c).

#ifndef PREFIX
#define PREFIX "/usr/lib/s6-overlay"
#endif

#define PROGRAM PREFIX "/program"
// Below a file nothing can be made, with or without /proc.
#define NOWHERE PREFIX "/launcher/none"

#include "system.h"
#include "operations.h"

// Faults of the program itself must keep killing it: ILL 4, TRAP 5, BUS 7, FPE 8, SEGV 11, SYS 31. ABRT is none: it
// comes from outside too (s6-svscan's abort), and abort() unblocks it for itself.
#define FAULTS (1UL << 3 | 1UL << 4 | 1UL << 6 | 1UL << 7 | 1UL << 10 | 1UL << 30)

// What opens the memory file; the strings follow, each ended by a zero byte: AT_EXECFN, arguments, environment.
struct header {
  uword version, arguments, variables, signal_mask, flags, files_soft, files_hard, size;
  word directory;  // a descriptor of the working directory, or negative: then it was not left
  uword limits[4][2];  // of stack, data, address space and processes, soft and hard
  uword results;       // how children that were started in place of the program have ended follows, 16 bytes each,
  uword captured;      // and behind that this many bytes that they have printed
};

// How the children have ended that an answer of process 1 has had started (ask.c), and how much each has printed, where that
// was to be kept: one behind the other in `captured`.
static struct result { uword status, size; } results[MOST_RESULTS];
static uword results_count;
static char *captured;
static uword captured_size;

// flags 1, 2 and 4: descriptor 0, 1 and 2 was closed; from 16 on one for each of the limits: it has been raised
enum { PIPE_IGNORED = 8, RAISED = 16 };

// The kernel lays the strings out one behind the other, so runs of them go out in one write.
static int write_strings(word fd, char **strings, uword count) {
  for (uword i = 0; i < count;) {
    const char *start = strings[i], *end = start;
    do end += length(strings[i]) + 1;
    while (++i < count && strings[i] == end);
    if (!write_all(fd, start, end - start)) return 0;
  }
  return 1;
}

static uword size_of(char **strings, uword count) {
  uword size = 0;
  for (uword i = 0; i < count; i++) size += length(strings[i]) + 1;
  return size;
}

// The descriptor, or a copy of it above the standard ones. It stays open across exec: that is its purpose.
static word above_standard(word fd) {
  if (fd < 0 || fd > 2) return fd;
  word moved = call(FCNTL, fd, F_DUPFD, 3, 0);
  call(CLOSE, fd, 0, 0, 0);
  return moved;
}

static word leave_directory(void) {
  word fd = above_standard(call(OPENAT, AT_FDCWD, (word) ".", O_PATH, 0));
  if (fd >= 0) call(CHDIR, (word) "/", 0, 0, 0);
  return fd;
}

static uword state_flags(void) {
  uword flags = 0;
  for (word fd = 0; fd < 3; fd++) {
    if (call(FCNTL, fd, F_GETFD, 0, 0) < 0) flags |= 1UL << fd;
  }
  uword action[4] = {0};
  call(SIGACTION, SIGPIPE, 0, (word)action, 8);
  return action[0] == SIG_IGN ? flags | PIPE_IGNORED : flags;
}

enum { TOO_LITTLE = 1000, TOO_FEW_FILES, NO_CODE, NO_LIMITS };  // no error numbers: what the program is limited to

static const char no_memory_file[] = "memfd_create is refused (Linux 3.17 or later is needed, and a sandbox that allows it)\n";

static const char *reason(word error) {
  switch (error) {
    case ENOENT: return "No such file or directory (is the whole tarball in the image?)\n";
    case 8: return "Exec format error (the tarball is for another architecture)\n";
    case ENOMEM: return "Cannot allocate memory\n";
    case TOO_LITTLE: return "its limits of memory or stack are too low\n";
    case NO_CODE: return "memory may not be made executable here (PR_SET_MDWE, or SELinux without execmem)\n";
    case NO_LIMITS: return "prlimit64 is refused (Linux 2.6.36 or later is needed, and a sandbox that allows it)\n";
    case TOO_FEW_FILES: return "its hard limit of open files is below 24 (start it with a higher one, as in --ulimit nofile=1024)\n";
    case 24: return "Too many open files\n";
    case 13: return "Permission denied (is " PREFIX " readable, and not mounted noexec?)\n";
    default: return "the kernel refused\n";
  }
}

// What the runtime is to have of what is limited, and with how little it does not start: as it is, and without a compiler.
static const struct { half resource; uword wanted, least, least_of_all; } needs[] = {
    {RLIMIT_STACK, 8UL << 20, 1UL << 19, 1UL << 19},
    {RLIMIT_DATA, ~0UL, 1UL << 29, 1UL << 24},
    {RLIMIT_AS, ~0UL, 36UL << 30, 36UL << 30},
    {RLIMIT_NPROC, ~0UL, 0, 0},
};

enum means { NONE, WITHOUT_COMPILER, ALL };

// Raises limits under which the runtime would end, and notes what they were: programs get them back. Tells what they allow.
static enum means raise_limits(struct header *header) {
  enum means means = ALL;
  for (uword i = 0; i < sizeof needs / sizeof *needs; i++) {
    uword *given = header->limits[i], wanted = needs[i].wanted;
    if (call(PRLIMIT, 0, needs[i].resource, 0, (word)given) < 0 || given[0] >= wanted) continue;
    uword higher[2] = {given[1] < wanted ? given[1] : wanted, given[1]}, highest[2] = {wanted, wanted};
    int is_low = higher[0] < needs[i].least;
    word result = call(PRLIMIT, 0, needs[i].resource, (word)(is_low ? highest : higher), 0);
    if (result < 0 && is_low) {
      result = call(PRLIMIT, 0, needs[i].resource, (word)higher, 0);
      if (higher[0] < needs[i].least_of_all) means = NONE;
      else if (means == ALL) means = WITHOUT_COMPILER;
    }
    if (result == 0) header->flags |= RAISED << i;
  }
  return means;
}

// False where a process may not make its memory executable (PR_SET_MDWE, SELinux without execmem, filters of system calls).
static int may_make_code(void) {
  word page = call6(MMAP, 0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page < 0 && page > -4096) return 1;
  word result = call(MPROTECT, page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, 0);
  call(MUNMAP, page, 4096, 0, 0);
  return result == 0;
}

// How many open files the runtime needs to start, and how many make room for a container with some services.
enum { LEAST_FILES = 24, FEW_FILES = 64 };

// All open files that the hard limit allows, and a hard limit that leaves the runtime too little raised where that may be;
// programs get their caller's limits in any case. False if the runtime could not start.
static int may_open_files(const uword *given) {
  uword allowed[2] = {given[1], given[1]}, raised[2] = {FEW_FILES, FEW_FILES};
  if (given[1] < FEW_FILES && call(PRLIMIT, 0, RLIMIT_NOFILE, (word)raised, 0) == 0) return 1;
  if (given[0] < given[1]) call(PRLIMIT, 0, RLIMIT_NOFILE, (word)allowed, 0);
  return given[1] >= LEAST_FILES;
}

static int is_plain(const char *name) {
  if (!*name) return 0;
  for (; *name; name++) {
    if (*name < ' ' || *name > '~') return 0;
  }
  return 1;
}

// They are called by name, as all applets are.
static const char busy[] = COMPUTING_PROGRAMS;

static const char *last_part(const char *path) {
  const char *last = path;
  for (const char *at = path; *at; at++) {
    if (*at == '/') last = at + 1;
  }
  return last;
}

static int computes_much(const char *name) {
  const char *last = last_part(name);
  for (const char *word = busy; *word; word++) {
    const char *at = last;
    while (*at && *at == *word) at++, word++;
    if (!*at && *word == ' ') return 1;
    while (*word != ' ') word++;
  }
  return 0;
}

#include "restore.c"

static int is_turned_off(uword envc, char **envp) {
  for (uword i = 0; i < envc; i++) {
    if (is_same(envp[i], "S6_CHECKPOINT=0")) return 1;
  }
  return 0;
}

// Calls without which process 1 would end where it could not say why, or live and start nothing. With these arguments
// none of them does anything, and none fails in these two ways but by being refused.
static void try_calls(void) {
#define X(number, name, third) {number, third, name},
  static const struct { half number; int third; const char *name; } needed[] = {NEEDED_CALLS(X)};
#undef X
  for (uword i = 0; i < sizeof needed / sizeof *needed; i++) {
    word result = call(needed[i].number, -1, 0, needed[i].third, 0);
    if (result != -EPERM && result != -ENOSYS) continue;
    complain("s6-overlay: fatal: unable to start as process 1: ");
    complain(needed[i].name);
    complain(" is refused (Linux 3.17 or later is needed, and an engine or a sandbox that allows it)\n");
    leave(126);
  }
}

// Executes the program for these arguments, or goes on as one that did before it had any. Returns why it cannot be.
static word become_program(char *executed, uword argc, char **argv, uword envc, char **envp) {
  uword limits[2] = {0}, blocked = ~FAULTS, action[4] = {SIG_DFL};
  word pid = call(GETPID, 0, 0, 0, 0);
  if (pid == 1 || pid < 0) try_calls();
  // A process that ignores it never learns how a child ends.
  call(SIGACTION, SIGCHLD, (word)action, 0, 8);
  if (call(PRLIMIT, 0, RLIMIT_NOFILE, 0, (word)limits) < 0) return NO_LIMITS;
  if (!may_open_files(limits)) return TOO_FEW_FILES;
  struct header header = {4, argc, envc, 0, state_flags(), limits[0], limits[1], 0, -1, {{0}}, results_count, captured_size};
  enum means means = raise_limits(&header);
  if (means == NONE) return TOO_LITTLE;
  if (!may_make_code()) means = WITHOUT_COMPILER;
  call(SIGPROCMASK, SIG_SETMASK, (word)&blocked, (word)&header.signal_mask, 8);

  header.directory = leave_directory();
  word fd = above_standard(call(MEMFD, (word) "caller", 0, 0, 0));
  header.size = length(executed) + 1 + size_of(argv, argc) + size_of(envp, envc);
  if (fd < 0 || !write_all(fd, &header, sizeof header) || !write_all(fd, results, results_count * sizeof *results) ||
      !write_all(fd, captured, captured_size) || !write_strings(fd, &executed, 1) || !write_strings(fd, argv, argc) || !write_strings(fd, envp, envc)) {
    complain("s6-overlay: fatal: unable to pass the arguments on in a memory file: ");
    complain(fd == -EPERM || fd == -ENOSYS ? no_memory_file : fd < 0 ? reason(-fd) : reason(ENOMEM));
    leave(111);
  }

  if (!is_turned_off(envc, envp)) {
    restore(means == WITHOUT_COMPILER ? PREFIX "/checkpoint-without-compiler"
            : argc && computes_much(argv[0]) ? PREFIX "/checkpoint-computing"
                                             : PREFIX "/checkpoint", fd);
  }
#ifndef STOCK
  // It takes no flags but those that it was made with.
  if (means == WITHOUT_COMPILER) return may_make_code() ? TOO_LITTLE : NO_CODE;
#endif
  char image[64] = "OVERLAY_IMAGE_FD=";
  write_number(image + length(image), fd);
  char *environment[] = {image, "OVERLAY_PREFIX=" PREFIX,
#ifdef STOCK
    // Stock deno would put a "node" of its own on PATH, look for updates and keep a cache in the home directory, and
    // print on a terminal that it cannot keep it elsewhere.
    "DENO_DISABLE_NODE_SHIM=1", "DENO_NO_UPDATE_CHECK=1", "DENO_NO_PROMPT=1", "DENO_DIR=" NOWHERE,
    "DENO_LOG=error,deno::cache=off",
#endif
    // With no home directory given the runtime would ask the image's account database for one.
    "HOME=" PREFIX "/none", "NO_COLOR=1",
    means == WITHOUT_COMPILER ? "GLIBC_TUNABLES=" SPARING_ALLOCATION : "GLIBC_TUNABLES=" ALLOCATION,
    means == WITHOUT_COMPILER ? "DENO_V8_FLAGS=" V8_FLAGS_WITHOUT_COMPILER
    : argc && computes_much(argv[0]) ? "DENO_V8_FLAGS=" V8_FLAGS_COMPUTING
                                   : "DENO_V8_FLAGS=" V8_FLAGS_WAITING,
    0};
  char *arguments[] = {argc && is_plain(argv[0]) ? argv[0] : "s6-overlay",
#ifdef STOCK
    "run", "-A", "--no-config", "--no-lock", "--no-remote", "--no-npm", "--no-code-cache", PREFIX "/js/main.js",
#endif
    0};
  return -call(EXECVE, (word)PROGRAM, (word)arguments, (word)environment, 0);
}

// What this process is to become, by itself or by what process 1 answers.
static struct called { char *executed; uword argc; char **argv; uword envc; char **envp; } called;

#include "ask.c"
#include "player.c"

__attribute__((used)) _Noreturn void start(uword *stack) {
  uword argc = *stack, envc = 0;
  char **argv = (char **)(stack + 1), **envp = argv + argc + 1;
  while (envp[envc]) envc++;
  char *executed = "";
  for (uword *auxiliary = (uword *)(envp + envc + 1); *auxiliary; auxiliary += 2) {
    if (*auxiliary == AT_EXECFN) executed = (char *)auxiliary[1];
  }
  if (argc == 3 && is_same(last_part(argv[0]), PLAYER)) play(number_of(argv[1]), number_of(argv[2]));
  called = (struct called){executed, argc, argv, envc, envp};
  play_answered();
  go_on_alone();
}
