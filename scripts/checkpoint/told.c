// What a process hears about the machine, time and chance while a checkpoint is taken: the same each time. What it keeps of
// that lies in the checkpoint, and says nothing about the machine that took it.

#include "turns.h"
#include <elf.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/stat.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

// The clock that is no calendar's begins here, soon after a start; each look at it takes a microsecond.
#define BEGIN_SECONDS 1UL
#define EPOCH 1700000000UL
#define PROCESSORS 2
#define MEMORY (16UL << 30)
#define OPEN_FILES 1024
#define MOST_FILES 4096
#define LONGEST_PATH 4096

// Where V8's choices end, where its heap is put instead (below the libraries), and what it makes it of.
#define RANDOM_UP_TO (1UL << 46)
#define HEAP 0x57ff80000000UL
#define HEAP_UNIT (1UL << 18)
#define MOST_OF_HEAP (1UL << 24)
#define SMALLEST_PAGE 4096UL

static uword microseconds, cycles, random_state = 0x9e3779b97f4a7c15UL;

static void move(pid_t id, void *own, uword other, size_t size, int is_write) {
  struct iovec local = {own, size}, remote = {(void *)other, size};
  ssize_t done = is_write ? process_vm_writev(id, &local, 1, &remote, 1, 0) : process_vm_readv(id, &local, 1, &remote, 1, 0);
  if (done != (ssize_t)size) fail(is_write ? "write into the program" : "read from the program");
}

static void give(struct thread *thread, uword to, const void *bytes, size_t size) {
  if (to) move(thread->id, (void *)bytes, to, size, 1);
}

// splitmix64
static uword next_random(void) {
  uword x = random_state += 0x9e3779b97f4a7c15UL;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9UL;
  x = (x ^ x >> 27) * 0x94d049bb133111ebUL;
  return x ^ x >> 31;
}

static void give_random(struct thread *thread, uword to, uword size) {
  for (uword done = 0; done < size; done += sizeof(uword)) {
    uword word = next_random();
    give(thread, to + done, &word, size - done < sizeof word ? size - done : sizeof word);
  }
}

static void answer(struct thread *thread, long result) {
  thread->is_answered = 1, thread->answer = result;
}

static void give_time(struct thread *thread, clockid_t clock, uword to, int is_timeval) {
  int is_calendar = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
  uword now = ++microseconds;
  struct timespec time = {(time_t)((is_calendar ? EPOCH : BEGIN_SECONDS) + now / 1000000), (long)(now % 1000000)};
  if (!is_timeval) time.tv_nsec *= 1000;
  give(thread, to, &time, sizeof time);
}

// V8 chooses addresses at random, for each 256 KB of its heap. Side by side they need fewer tables of pages (300 KB in each
// process), and fewer regions.
static void place_beside(struct user_regs_struct *registers) {
  static uword next = HEAP;
  if (registers->rdi == 0 || registers->rdi >= RANDOM_UP_TO || registers->r10 & (MAP_FIXED | MAP_FIXED_NOREPLACE)) return;
  if (registers->rsi > MOST_OF_HEAP) return;
  // It asks for more, and gives back what is not aligned.
  uword size = registers->rsi > HEAP_UNIT ? registers->rsi - (HEAP_UNIT - SMALLEST_PAGE) : registers->rsi;
  registers->rdi = next;
  next += (size + HEAP_UNIT - 1) & -HEAP_UNIT;
}

static void read_path(struct thread *thread, uword from, char path[LONGEST_PATH]) {
  for (uword at = 0; at < LONGEST_PATH; at++) {
    move(thread->id, path + at, from + at, 1, 0);
    if (!path[at]) return;
  }
  path[LONGEST_PATH - 1] = 0;
}

struct known_file { dev_t device; ino_t inode; uword number; };
static struct known_file known[MOST_FILES];
static uword files, file_numbers;

static struct known_file *known_file(dev_t device, ino_t inode) {
  for (uword i = 0; i < files; i++) {
    if (known[i].device == device && known[i].inode == inode) return &known[i];
  }
  return 0;
}

// Files are told apart by the order in which they are first seen.
static uword number_of_file(dev_t device, ino_t inode) {
  struct known_file *found = known_file(device, inode);
  if (found) return found->number;
  if (files == MOST_FILES) fputs("the program looks at more files than are told apart\n", stderr), exit(1);
  known[files++] = (struct known_file){device, inode, ++file_numbers};
  return file_numbers;
}

// What a name stands for loses it. A later file may have its inode number, or another one: it is a new file all the same.
static void forget_file(struct thread *thread, int directory, uword name) {
  char path[LONGEST_PATH], seen[LONGEST_PATH + 64];
  struct stat status;
  read_path(thread, name, path);
  if (*path == '/') snprintf(seen, sizeof seen, "/proc/%d/root%s", thread->id, path);
  else if (directory == AT_FDCWD) snprintf(seen, sizeof seen, "/proc/%d/cwd/%s", thread->id, path);
  else snprintf(seen, sizeof seen, "/proc/%d/fd/%d/%s", thread->id, directory, path);
  if (lstat(seen, &status) < 0) return;
  struct known_file *found = known_file(status.st_dev, status.st_ino);
  if (found) *found = known[--files];
}

// What the kernel tells in files says what machine it is. The program goes without it, as it would where there is no /proc; but
// for its own name, and for its memory, in which the C library looks for the first thread's stack.
static int is_of_machine(const char *path) {
  if (!strcmp(path, "/proc/self/maps") || !strcmp(path, "/proc/self/exe")) return 0;
  return !strncmp(path, "/proc/", 6) || !strncmp(path, "/sys/", 5);
}

static int kind_of_open_file(struct thread *thread, uword fd, struct stat *status) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/fd/%d", thread->id, (int)fd);
  return stat(path, status) == 0;
}

static int is_random_device(struct thread *thread, uword fd) {
  struct stat status;
  return kind_of_open_file(thread, fd, &status) && S_ISCHR(status.st_mode) && major(status.st_rdev) == 1 &&
    (minor(status.st_rdev) == 8 || minor(status.st_rdev) == 9);
}

static int is_regular(struct thread *thread, uword fd) {
  struct stat status;
  return kind_of_open_file(thread, fd, &status) && S_ISREG(status.st_mode);
}

static int may_wait(struct thread *thread, const struct user_regs_struct *call) {
  switch (call->orig_rax) {
    case SYS_futex: case SYS_epoll_wait: case SYS_epoll_pwait: case SYS_epoll_pwait2: case SYS_poll: case SYS_ppoll:
    case SYS_select: case SYS_pselect6: case SYS_nanosleep: case SYS_clock_nanosleep: case SYS_wait4: case SYS_waitid:
    case SYS_accept: case SYS_accept4: case SYS_recvfrom: case SYS_recvmsg: case SYS_pause: case SYS_rt_sigtimedwait:
      return 1;
    case SYS_read: case SYS_readv:
      return !is_regular(thread, call->rdi);
  }
  return 0;
}

// The process that is named is this one, or one of its threads.
static int translate(unsigned long long *id) {
  pid_t real = thread_of_number((half)*id);
  if (real) *id = (unsigned long long)real;
  return real != 0;
}

void call_begins(struct thread *thread) {
  struct user_regs_struct call;
  if (ptrace(PTRACE_GETREGS, thread->id, 0, &call) < 0) fail("registers");
  thread->asked = call;
  thread->is_answered = 0;
  char path[LONGEST_PATH];
  int is_changed = 0;
  switch (call.orig_rax) {
    // The C library must have no memory behind the program's: the kernel would not know it as such where the process goes on.
    // A result of 0 is one that the library takes for a refusal.
    case SYS_brk: answer(thread, 0); break;
    case SYS_mmap: place_beside(&call), is_changed = 1; break;
    case SYS_open: case SYS_openat:
      read_path(thread, call.orig_rax == SYS_open ? call.rdi : call.rsi, path);
      if (is_of_machine(path)) answer(thread, -2);
      break;
    case SYS_getrandom: give_random(thread, call.rdi, call.rsi), answer(thread, (long)call.rsi); break;
    case SYS_read:
      if (is_random_device(thread, call.rdi)) give_random(thread, call.rsi, call.rdx), answer(thread, (long)call.rdx);
      break;
    case SYS_clock_gettime: give_time(thread, (clockid_t)call.rdi, call.rsi, 0), answer(thread, 0); break;
    case SYS_gettimeofday: give_time(thread, CLOCK_REALTIME, call.rdi, 1), answer(thread, 0); break;
    case SYS_getpid: answer(thread, FIRST_NUMBER); break;
    case SYS_gettid: answer(thread, thread->number); break;
    case SYS_kill: case SYS_tkill: case SYS_sched_getaffinity: case SYS_sched_setaffinity: case SYS_prlimit64:
      is_changed = translate(&call.rdi);
      break;
    case SYS_tgkill: is_changed = translate(&call.rdi) + translate(&call.rsi); break;
    case SYS_sched_yield: thread->yields = 1; break;
    case SYS_unlink: case SYS_rmdir: forget_file(thread, AT_FDCWD, call.rdi); break;
    case SYS_unlinkat: forget_file(thread, (int)call.rdi, call.rsi); break;
    case SYS_rename: forget_file(thread, AT_FDCWD, call.rsi); break;
    case SYS_renameat: case SYS_renameat2: forget_file(thread, (int)call.rdx, call.r10); break;
  }
  thread->may_wait = !thread->is_answered && may_wait(thread, &call);
  if (thread->is_answered) call.orig_rax = (uword)-1;
  if ((is_changed || thread->is_answered) && ptrace(PTRACE_SETREGS, thread->id, 0, &call) < 0) fail("registers");
}

static void tell_of_file(struct thread *thread, uword at) {
  struct stat status;
  move(thread->id, &status, at, sizeof status, 0);
  struct stat told = {
    .st_dev = 1, .st_ino = number_of_file(status.st_dev, status.st_ino), .st_nlink = 1,
    .st_mode = (status.st_mode & S_IFMT) | 0755, .st_rdev = status.st_rdev, .st_size = status.st_size,
    .st_blksize = 4096, .st_blocks = (status.st_size + 511) / 512,
  };
  if (S_ISDIR(told.st_mode)) told.st_size = 4096, told.st_blocks = 8;
  give(thread, at, &told, sizeof told);
}

static void tell_more_of_file(struct thread *thread, uword at) {
  struct statx status;
  move(thread->id, &status, at, sizeof status, 0);
  struct statx told = {
    .stx_mask = STATX_BASIC_STATS, .stx_blksize = 4096, .stx_nlink = 1, .stx_mode = (status.stx_mode & S_IFMT) | 0755,
    .stx_ino = number_of_file(makedev(status.stx_dev_major, status.stx_dev_minor), status.stx_ino), .stx_size = status.stx_size,
    .stx_blocks = (status.stx_size + 511) / 512, .stx_rdev_major = status.stx_rdev_major,
    .stx_rdev_minor = status.stx_rdev_minor, .stx_dev_minor = 1,
  };
  if (S_ISDIR(told.stx_mode)) told.stx_size = 4096, told.stx_blocks = 8;
  give(thread, at, &told, sizeof told);
}

static void tell_of_system(struct thread *thread, uword at) {
  struct sysinfo told = {.uptime = BEGIN_SECONDS, .totalram = MEMORY, .freeram = MEMORY / 2, .procs = 1, .mem_unit = 1};
  give(thread, at, &told, sizeof told);
}

static void tell_of_kernel(struct thread *thread, uword at) {
  struct utsname told = {.sysname = "Linux", .nodename = "localhost", .release = "5.0.0", .version = "#1", .machine = "x86_64"};
  give(thread, at, &told, sizeof told);
}

static long tell_of_processors(struct thread *thread, uword size, uword at) {
  uword told = (1UL << PROCESSORS) - 1;
  if (size < sizeof told) return -22;
  give(thread, at, &told, sizeof told);
  return sizeof told;
}

// The stack's is what the process was started with.
static void tell_of_limit(struct thread *thread, uword which, uword at) {
  struct rlimit told = {RLIM_INFINITY, RLIM_INFINITY};
  if (which == RLIMIT_NOFILE) told = (struct rlimit){OPEN_FILES, OPEN_FILES};
  if (which != RLIMIT_STACK) give(thread, at, &told, sizeof told);
}

// struct linux_dirent64: inode number 8, place of the next 8, size 2, type 1, name
struct entry { uword inode, next; unsigned short size; unsigned char type; char name[]; };

static int by_name(const void *one, const void *other) {
  return strcmp((*(struct entry *const *)one)->name, (*(struct entry *const *)other)->name);
}

// The order of a directory's entries is its file system's.
static void tell_of_entries(struct thread *thread, uword at, size_t size) {
  static char found[1 << 16], told[1 << 16];
  static struct entry *entries[1 << 12];
  if (size > sizeof found) fputs("the program reads a directory in larger parts than can be told of\n", stderr), exit(1);
  move(thread->id, found, at, size, 0);
  size_t many = 0, done = 0;
  for (size_t i = 0; i < size; i += entries[many - 1]->size) entries[many++] = (struct entry *)(found + i);
  qsort(entries, many, sizeof *entries, by_name);
  memset(told, 0, size);
  for (size_t i = 0; i < many; i++) {
    struct entry *entry = (struct entry *)(told + done);
    size_t length = strlen(entries[i]->name);
    *entry = (struct entry){.inode = i + 1, .next = i + 1, .size = entries[i]->size, .type = entries[i]->type};
    memcpy(entry->name, entries[i]->name, length);
    done += entry->size;
  }
  give(thread, at, told, size);
}

static int is_table_of_memory(struct thread *thread, uword fd) {
  char path[64], target[LONGEST_PATH];
  struct statfs file_system;
  snprintf(path, sizeof path, "/proc/%d/fd/%d", thread->id, (int)fd);
  if (statfs(path, &file_system) < 0 || file_system.f_type != PROC_SUPER_MAGIC) return 0;
  ssize_t length = readlink(path, target, sizeof target - 1);
  target[length < 0 ? 0 : length] = 0;
  return length > 5 && !strcmp(target + length - 5, "/maps");
}

// Files have the numbers there that they have elsewhere. The kernel puts their names into this column, and gives whole lines.
enum { COLUMN_OF_NAME = 73 };

static long tell_of_memory(struct thread *thread, uword at, size_t size) {
  static char found[1 << 16], told[1 << 16];
  if (size >= sizeof found / 2) fputs("the program reads more of its table of memory than can be told of\n", stderr), exit(1);
  move(thread->id, found, at, size, 0);
  found[size] = 0;
  size_t done = 0;
  for (char *line = found, *end; (end = strchr(line, '\n')); line = end + 1) {
    unsigned long from, to, offset, inode;
    unsigned device, subdevice;
    char rights[8];
    int before_name = 0;
    *end = 0;
    sscanf(line, "%lx-%lx %7s %lx %x:%x %lu %n", &from, &to, rights, &offset, &device, &subdevice, &inode, &before_name);
    uword number = inode ? number_of_file(makedev(device, subdevice), inode) : 0;
    int width = sprintf(told + done, "%08lx-%08lx %s %08lx 00:%02x %lu ", from, to, rights, offset, inode != 0, number);
    const char *name = line + before_name;
    done += (size_t)width;
    if (*name) done += (size_t)sprintf(told + done, "%*s%s", width < COLUMN_OF_NAME ? COLUMN_OF_NAME - width : 0, "", name);
    told[done++] = '\n';
  }
  if (done > size) fputs("the table of memory has become longer\n", stderr), exit(1);
  give(thread, at, told, done);
  return (long)done;
}

void call_ends(struct thread *thread) {
  struct user_regs_struct call;
  if (ptrace(PTRACE_GETREGS, thread->id, 0, &call) < 0) fail("registers");
  const struct user_regs_struct *asked = &thread->asked;
  long before = (long)call.rax, result = thread->is_answered ? thread->answer : before;
  thread->may_wait = 0;
  if (result >= 0) {
    switch (asked->orig_rax) {
      case SYS_stat: case SYS_lstat: case SYS_fstat: tell_of_file(thread, asked->rsi); break;
      case SYS_newfstatat: tell_of_file(thread, asked->rdx); break;
      case SYS_statx: tell_more_of_file(thread, asked->r8); break;
      case SYS_read:
        if (result > 0 && is_table_of_memory(thread, asked->rdi)) result = tell_of_memory(thread, asked->rsi, (size_t)result);
        break;
      case SYS_getdents64: tell_of_entries(thread, asked->rsi, (size_t)result); break;
      case SYS_sysinfo: tell_of_system(thread, asked->rdi); break;
      case SYS_uname: tell_of_kernel(thread, asked->rdi); break;
      case SYS_sched_getaffinity: result = tell_of_processors(thread, asked->rsi, asked->rdx); break;
      case SYS_getrlimit: tell_of_limit(thread, asked->rdi, asked->rsi); break;
      case SYS_prlimit64:
        if (asked->r10) tell_of_limit(thread, asked->rsi, asked->r10);
        break;
      case SYS_getrusage: give(thread, asked->rsi, &(struct rusage){0}, sizeof(struct rusage)); break;
      case SYS_times: give(thread, asked->rdi, &(struct tms){0}, sizeof(struct tms)), result = 100; break;
      case SYS_time: result = EPOCH; break;
      case SYS_set_tid_address: result = thread->number; break;
      case SYS_clone: case SYS_clone3: {
        half number = number_of_thread((pid_t)result);
        if (number) result = number;
        break;
      }
      case SYS_getuid: case SYS_geteuid: case SYS_getgid: case SYS_getegid: result = 0; break;
    }
  }
  if (!thread->is_answered && result == before) return;
  call.rax = (uword)result;
  if (ptrace(PTRACE_SETREGS, thread->id, 0, &call) < 0) fail("registers");
}

// struct clone_args: flags, pidfd, child_tid, parent_tid
enum { CHILD = 2, PARENT = 3, ARGUMENTS };

// Where the kernel has written the new thread's id, the C library finds its number.
void name_thread(struct thread *parent, struct thread *thread) {
  const struct user_regs_struct *asked = &parent->asked;
  uword arguments[ARGUMENTS] = {asked->rdi, 0, asked->r10, asked->rdx};
  if (asked->orig_rax == SYS_clone3) move(parent->id, arguments, asked->rdi, sizeof arguments, 0);
  if (arguments[0] & CLONE_PARENT_SETTID) give(parent, arguments[PARENT], &thread->number, sizeof thread->number);
  if (arguments[0] & CLONE_CHILD_SETTID) give(thread, arguments[CHILD], &thread->number, sizeof thread->number);
}

// Once the program may not read the processor's counter of cycles, it is asked of us.
int is_counter_read(struct thread *thread) {
  unsigned char code[3] = {0};
  struct user_regs_struct registers;
  if (ptrace(PTRACE_GETREGS, thread->id, 0, &registers) < 0) fail("registers");
  move(thread->id, code, registers.rip, sizeof code, 0);
  int with_processor = code[0] == 0x0f && code[1] == 0x01 && code[2] == 0xf9;  // rdtscp
  if (!with_processor && !(code[0] == 0x0f && code[1] == 0x31)) return 0;  // rdtsc
  cycles += 1000;
  registers.rax = cycles & 0xffffffff, registers.rdx = cycles >> 32;
  if (with_processor) registers.rcx = 0;
  registers.rip += with_processor ? 3 : 2;
  if (ptrace(PTRACE_SETREGS, thread->id, 0, &registers) < 0) fail("registers");
  return 1;
}

// What the kernel has put below the first thread's stack: of its own code, which is another one in each kernel, the C library
// must not know; of who has started it, and of what is by chance, it is told the same each time.
void tell_at_start(struct thread *thread) {
  struct user_regs_struct registers;
  if (ptrace(PTRACE_GETREGS, thread->id, 0, &registers) < 0) fail("registers");
  uword at = registers.rsp, word;
  move(thread->id, &word, at, sizeof word, 0);
  at += 8 * (word + 2);
  for (move(thread->id, &word, at, sizeof word, 0); word; move(thread->id, &word, at, sizeof word, 0)) at += 8;
  for (at += 8;; at += 16) {
    uword entry[2];
    move(thread->id, entry, at, sizeof entry, 0);
    switch (entry[0]) {
      case AT_NULL: return;
      case AT_RANDOM: give_random(thread, entry[1], 16); continue;
      case AT_SYSINFO_EHDR: entry[0] = AT_IGNORE, entry[1] = 0; break;
      case AT_UID: case AT_EUID: case AT_GID: case AT_EGID: entry[1] = 0; break;
      default: continue;
    }
    give(thread, at, entry, sizeof entry);
  }
}
