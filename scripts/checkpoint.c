// Takes a checkpoint (cli/launcher/checkpoint.h) of the program, and notes what every program touches of one. Run by
// scripts/checkpoint.ts when the overlay is built.
//   checkpoint take FILE ROOT PROGRAM ARGUMENT...   runs the program in that root until it stops itself, and writes FILE
//   checkpoint note FILE ROOT COMMAND...            runs a command that goes on from FILE, and notes what it touched

#define _GNU_SOURCE
#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

typedef unsigned long uword;
typedef unsigned int half;
#include "checkpoint.h"

// Libraries and what is mapped beside them lie so far below the usual place that nothing of another process lies there.
#define STACK_FOR_LAYOUT (40UL << 40)
#define STACK (8UL << 20)
// Seconds that any of its processes may take.
#define TIME_LIMIT 60
#define MOST_LOOKS 100
// Pages without content between two with content: a region more costs more than this many pages in the file.
#define GAP 16

// Where V8's choices end, where its heap is put instead (below the libraries), and what it makes it of.
#define RANDOM_UP_TO (1UL << 46)
#define HEAP 0x57ff80000000UL
#define HEAP_UNIT (1UL << 18)
#define MOST_OF_HEAP (1UL << 24)

#define PRESENT (1UL << 63)
#define SWAPPED (1UL << 62)
#define OF_FILE (1UL << 61)

static struct checkpoint checkpoint;

static _Noreturn void fail(const char *what) {
  perror(what);
  exit(1);
}

static void *checked(void *pointer, const char *what) {
  if (!pointer) fail(what);
  return pointer;
}

static int opened(pid_t process, const char *name) {
  char path[320];
  snprintf(path, sizeof path, "/proc/%d/%s", process, name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail(path);
  return fd;
}

static int waited(pid_t process) {
  int status;
  if (waitpid(process, &status, 0) < 0) fail("wait");
  if (!WIFSTOPPED(status)) {
    fprintf(stderr, "the program ended too early, with status %x\n", status);
    exit(1);
  }
  return status;
}

#define ARGUMENT(number) (offsetof(struct seccomp_data, args) + 8 * (number))

// The C library must have no memory behind the program's: the kernel would not know it as such where the process goes on. A
// result of 0 is one that the library takes for a refusal. Where V8 wishes memory at an address of its own choice, we are asked.
static void filter_calls(void) {
  struct sock_filter code[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_brk, 7, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 5),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(0) + 4),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 0),
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, RANDOM_UP_TO >> 32, 2, 0),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(3)),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, MAP_FIXED | MAP_FIXED_NOREPLACE, 0, 2),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
  };
  struct sock_fprog filter = {sizeof code / sizeof *code, code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0) fail("filter");
}

static pid_t started(const char *root, char **command, int is_taken) {
  pid_t process = fork();
  if (process < 0) fail("fork");
  if (process > 0) {
    waited(process);
    if (ptrace(PTRACE_SETOPTIONS, process, 0, PTRACE_O_EXITKILL | PTRACE_O_TRACEEXIT | PTRACE_O_TRACESECCOMP) < 0) fail("options");
    return process;
  }
  struct rlimit limit = {STACK_FOR_LAYOUT, RLIM_INFINITY};
  if (is_taken && (personality(ADDR_NO_RANDOMIZE) < 0 || setrlimit(RLIMIT_STACK, &limit) < 0)) fail("layout of the memory");
  if (*root && (chroot(root) < 0 || chdir("/") < 0)) fail(root);
  // It survives the exec.
  alarm(TIME_LIMIT);
  if (is_taken) filter_calls();
  if (ptrace(PTRACE_TRACEME, 0, 0, 0) < 0) fail("ptrace");
  execv(*command, command);
  fail(*command);
}

// The kernel's own page of code is another one in each kernel: the C library must not know of it.
static void hide_code_of_kernel(pid_t process) {
  struct user_regs_struct registers;
  if (ptrace(PTRACE_GETREGS, process, 0, &registers) < 0) fail("registers");
  uword at = registers.rsp;
  at += 8 * (ptrace(PTRACE_PEEKDATA, process, at, 0) + 2);
  while (ptrace(PTRACE_PEEKDATA, process, at, 0)) at += 8;
  for (at += 8;; at += 16) {
    uword type = ptrace(PTRACE_PEEKDATA, process, at, 0);
    if (type == AT_NULL) return;
    if (type == AT_SYSINFO_EHDR && ptrace(PTRACE_POKEDATA, process, at, AT_IGNORE) < 0) fail("auxiliary vector");
  }
}

// V8 chooses addresses at random, for each 256 KB of its heap. Side by side they need fewer tables of pages (300 KB in each
// process), and fewer regions.
static void place_beside(pid_t process) {
  static uword next = HEAP;
  struct user_regs_struct registers;
  if (ptrace(PTRACE_GETREGS, process, 0, &registers) < 0) fail("registers");
  if (registers.rsi > MOST_OF_HEAP) return;
  // It asks for more, and gives back what is not aligned.
  uword size = registers.rsi > HEAP_UNIT ? registers.rsi - (HEAP_UNIT - PAGE) : registers.rsi;
  registers.rdi = next;
  next += (size + HEAP_UNIT - 1) & -HEAP_UNIT;
  if (ptrace(PTRACE_SETREGS, process, 0, &registers) < 0) fail("registers");
}

// Lets it run until it stops by itself, or is about to end.
static void run_until(pid_t process, int signal, int event) {
  for (int passed_on = 0;;) {
    if (ptrace(PTRACE_CONT, process, 0, passed_on) < 0) fail("continue");
    int status = waited(process);
    if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8)) place_beside(process);
    else if (event ? status >> 8 == (SIGTRAP | event << 8) : WSTOPSIG(status) == signal) return;
    passed_on = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
  }
}

// What a thread that has nothing to do waits in.
static int is_idle(pid_t process, const char *thread) {
  char name[300], told[64] = "";
  snprintf(name, sizeof name, "task/%s/syscall", thread);
  int fd = opened(process, name);
  if (read(fd, told, sizeof told - 1) < 0) fail(name);
  close(fd);
  long number = atol(told);
  return *told >= '0' && *told <= '9' && (number == SYS_futex || number == SYS_epoll_wait || number == SYS_epoll_pwait);
}

// How often the runtime's other threads have begun to wait; negative if one of them is at work.
static long waits_of_others(pid_t process) {
  char path[300], line[128], own[16];
  long waits = 0, found;
  snprintf(path, sizeof path, "/proc/%d/task", process);
  snprintf(own, sizeof own, "%d", process);
  DIR *tasks = checked(opendir(path), path);
  for (struct dirent *task; (task = readdir(tasks));) {
    if (*task->d_name == '.' || !strcmp(task->d_name, own)) continue;
    if (!is_idle(process, task->d_name)) waits = -1;
    if (waits < 0) break;
    snprintf(path, sizeof path, "/proc/%d/task/%s/status", process, task->d_name);
    FILE *status = checked(fopen(path, "r"), path);
    while (fgets(line, sizeof line, status)) {
      if (sscanf(line, "voluntary_ctxt_switches: %ld", &found) == 1) waits += found;
    }
    fclose(status);
  }
  closedir(tasks);
  return waits;
}

// The memory is what one thread leaves: the others must not be in the middle of anything, nor begin to.
static void stop_others(pid_t process) {
  for (long before = -1, now; (now = waits_of_others(process)) < 0 || now != before; before = now) usleep(100000);
  if (ptrace(PTRACE_CONT, process, 0, SIGSTOP) < 0) fail("stop");
  waited(process);
  // They are woken to be stopped, and then seen where they were.
  for (int looks = 0; waits_of_others(process) < 0; looks++) {
    if (looks == MOST_LOOKS) {
      fputs("a thread of the runtime has begun to work\n", stderr);
      exit(1);
    }
    usleep(20000);
  }
}

static void add_region(uword address, uword size, uword protection, uword source, uword offset) {
  if (checkpoint.regions == MOST_REGIONS) {
    fputs("more regions than a checkpoint may have\n", stderr);
    exit(1);
  }
  checkpoint.region[checkpoint.regions++] = (struct region){address, size, protection, source, offset};
}

struct mapping { uword from, to, protection, offset, inode; char name[4096]; };

static int next_mapping(FILE *maps, struct mapping *mapping) {
  char line[4352], rights[8], device[16];
  if (!fgets(line, sizeof line, maps)) return 0;
  mapping->name[0] = 0;
  sscanf(line, "%lx-%lx %7s %lx %15s %lu %4095[^\n]", &mapping->from, &mapping->to, rights, &mapping->offset, device, &mapping->inode, mapping->name);
  mapping->protection = (rights[0] == 'r') | (rights[1] == 'w') << 1 | (rights[2] == 'x') << 2;
  return 1;
}

struct dump { int memory, pages; FILE *file; uword end; };

static uword page_entry(int pages, uword address) {
  uword entry;
  if (pread(pages, &entry, 8, address / PAGE * 8) != 8) fail("pagemap");
  return entry;
}

// Whether the page is other than what is mapped there to begin with: the program's file, or nothing. Of other files it is.
static int has_content(const struct dump *dump, const struct mapping *mapping, uword address, uword source) {
  static const char zero[PAGE];
  char page[PAGE];
  uword entry = page_entry(dump->pages, address);
  int is_own = entry & (PRESENT | SWAPPED) && !(entry & OF_FILE);
  if (source == IN_PROGRAM) return is_own;
  if (!is_own && !mapping->inode) return 0;
  return pread(dump->memory, page, PAGE, address) == PAGE && memcmp(page, zero, PAGE);
}

static void write_run(struct dump *dump, uword from, uword to, uword protection) {
  char page[PAGE];
  add_region(from, to - from, protection, IN_CHECKPOINT, dump->end);
  for (; from < to; from += PAGE, dump->end += PAGE) {
    if (pread(dump->memory, page, PAGE, from) != PAGE || !fwrite(page, PAGE, 1, dump->file)) fail("memory");
  }
}

static void write_mapping(struct dump *dump, const struct mapping *mapping, uword source) {
  int is_stack = !strcmp(mapping->name, "[stack]");
  uword start = is_stack ? mapping->to - STACK : mapping->from, from = 0, to = 0;
  add_region(start, mapping->to - start, mapping->protection, source, source == IN_PROGRAM ? mapping->offset : 0);
  for (uword at = mapping->from; at < mapping->to; at += PAGE) {
    if (!has_content(dump, mapping, at, source)) continue;
    if (from && at - to >= GAP * PAGE) write_run(dump, from, to, mapping->protection), from = 0;
    if (!from) from = at;
    to = at + PAGE;
  }
  if (from) write_run(dump, from, to, mapping->protection);
}

static void write_memory(pid_t process, const char *program, struct dump *dump) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/maps", process);
  FILE *maps = checked(fopen(path, "r"), path);
  struct stat file, mapped;
  if (stat(program, &file) < 0) fail(program);
  for (struct mapping mapping; next_mapping(maps, &mapping);) {
    if (!strncmp(mapping.name, "[v", 2)) continue;
    int is_program = mapping.inode == file.st_ino && stat(mapping.name, &mapped) == 0 && mapped.st_dev == file.st_dev;
    write_mapping(dump, &mapping, is_program ? IN_PROGRAM : NOWHERE_YET);
  }
  fclose(maps);
}

// The C library keeps the number of the thread in the thread's own data.
static uword place_of_thread_id(pid_t process, int memory, uword thread) {
  half words[1024];
  if (pread(memory, words, sizeof words, thread) != sizeof words) fail("thread");
  uword place = 0, found = 0;
  for (uword i = 0; i < 1024; i++) {
    if (words[i] == (half)process) place = thread + 4 * i, found++;
  }
  if (found == 1) return place;
  // Another process has another number.
  fprintf(stderr, "the number of the thread is in the thread's data %lu times, not once: try again\n", found);
  exit(1);
}

static void identify(const char *program) {
  struct stat status;
  FILE *file = checked(fopen(program, "r"), program);
  if (fstat(fileno(file), &status) < 0 || !fread(checkpoint.program, IDENTITY_SIZE, 1, file)) fail(program);
  checkpoint.program_size = status.st_size;
  fclose(file);
}

static void note_registers(pid_t process, int memory) {
  struct user_regs_struct registers;
  if (ptrace(PTRACE_GETREGS, process, 0, &registers) < 0) fail("registers");
  // The third argument of the call by which it has stopped itself.
  checkpoint.record = registers.rdx;
  checkpoint.thread = registers.fs_base;
  checkpoint.thread_id = place_of_thread_id(process, memory, registers.fs_base);
  checkpoint.rbx = registers.rbx, checkpoint.rbp = registers.rbp, checkpoint.rsp = registers.rsp, checkpoint.rip = registers.rip;
  checkpoint.r12 = registers.r12, checkpoint.r13 = registers.r13, checkpoint.r14 = registers.r14, checkpoint.r15 = registers.r15;
}

static void take(const char *path, const char *root, char **command) {
  char program[4096];
  snprintf(program, sizeof program, "%s%s", root, *command);
  pid_t process = started(root, command, 1);
  struct rlimit limit = {STACK, RLIM_INFINITY};
  if (prlimit(process, RLIMIT_STACK, &limit, 0) < 0) fail("prlimit");
  hide_code_of_kernel(process);
  run_until(process, SIGSTOP, 0);
  stop_others(process);
  struct dump dump = {opened(process, "mem"), opened(process, "pagemap"), checked(fopen(path, "w"), path), 0};
  dump.end = (sizeof checkpoint + PAGE - 1) & -PAGE;
  if (fseek(dump.file, dump.end, SEEK_SET)) fail(path);
  identify(program);
  note_registers(process, dump.memory);
  features_of_processor(checkpoint.processor);
  write_memory(process, program, &dump);
  kill(process, SIGKILL);
  checkpoint.version = CHECKPOINT_VERSION;
  checkpoint.size = dump.end;
  if (fseek(dump.file, 0, SEEK_SET) || !fwrite(&checkpoint, sizeof checkpoint, 1, dump.file) || fclose(dump.file)) fail(path);
}

enum touch { UNTOUCHED, TOUCHED, WRITTEN };

static enum touch touch_of(int pages, const struct region *region, uword address) {
  uword entry = page_entry(pages, address);
  if (!(entry & PRESENT)) return UNTOUCHED;
  return region->protection & 2 && !(entry & OF_FILE) ? WRITTEN : TOUCHED;
}

// True if the earlier runs touched it in this way too.
static int is_known(const struct checkpoint *before, uword address, enum touch touch) {
  for (uword i = 0; i < before->touches; i++) {
    const struct touched *touched = &before->touched[i];
    if (address - touched->address < touched->size) return touched->written == (touch == WRITTEN);
  }
  return 0;
}

static void add_touched(uword address, enum touch touch) {
  struct touched *last = checkpoint.touches ? &checkpoint.touched[checkpoint.touches - 1] : 0;
  if (last && last->address + last->size == address && last->written == (touch == WRITTEN)) last->size += PAGE;
  else if (checkpoint.touches < MOST_TOUCHED) checkpoint.touched[checkpoint.touches++] = (struct touched){address, PAGE, touch == WRITTEN};
}

static void note(const char *path, const char *root, char **command) {
  FILE *file = checked(fopen(path, "r+"), path);
  if (!fread(&checkpoint, sizeof checkpoint, 1, file)) fail(path);
  static struct checkpoint before;
  before = checkpoint;
  checkpoint.touches = 0;
  pid_t process = started(root, command, 0);
  run_until(process, 0, PTRACE_EVENT_EXIT);
  int pages = opened(process, "pagemap");
  uword done = 0;
  for (uword i = 0; i < checkpoint.regions; i++) {
    const struct region *region = &checkpoint.region[i];
    if (region->source == NOWHERE_YET && region->size > 1UL << 25) continue;
    for (uword at = region->address; at < region->address + region->size; at += PAGE) {
      if (at < done) continue;
      done = at + PAGE;
      enum touch touch = touch_of(pages, region, at);
      if (touch != UNTOUCHED && (!before.touches || is_known(&before, at, touch))) add_touched(at, touch);
    }
  }
  int status;
  if (ptrace(PTRACE_CONT, process, 0, 0) < 0 || waitpid(process, &status, 0) < 0) fail("end");
  if (!WIFEXITED(status) || WEXITSTATUS(status)) {
    fprintf(stderr, "what goes on from the checkpoint ends with status %x\n", status);
    exit(1);
  }
  if (fseek(file, 0, SEEK_SET) || !fwrite(&checkpoint, sizeof checkpoint, 1, file) || fclose(file)) fail(path);
}

int main(int argc, char **argv) {
  if (argc < 5) return 100;
  if (!strcmp(argv[1], "take")) take(argv[2], argv[3], argv + 4);
  else note(argv[2], argv[3], argv + 4);
  return 0;
}
