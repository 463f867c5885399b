// Takes a checkpoint (cli/launcher/checkpoint.h) of the program, and notes what every program touches of one. Run by
// scripts/checkpoint.ts when the overlay is built.
//   checkpoint take FILE ROOT PROGRAM ARGUMENT...   runs the program in that root until it stops itself, and writes FILE
//   checkpoint note FILE ROOT COMMAND...            runs a command that goes on from FILE, and notes what it touched

#include "turns.h"
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checkpoint.h"

// Libraries and what is mapped beside them lie so far below the usual place that nothing of another process lies there.
#define STACK_FOR_LAYOUT (40UL << 40)
#define STACK (8UL << 20)
// Seconds that any of its processes may take.
#define TIME_LIMIT 240
// Runs in which it is noted what a program touches: pages that the system takes back meanwhile are missing in one.
#define NOTED_RUNS 4
// Pages without content between two with content: a region more costs more than this many pages in the file.
#define GAP 16

#define PRESENT (1UL << 63)
#define SWAPPED (1UL << 62)
#define OF_FILE (1UL << 61)

static struct checkpoint checkpoint;

_Noreturn void fail(const char *what) {
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

// Each processor has a number that its programs can see.
static void stay_on_one_processor(void) {
  cpu_set_t all, one;
  if (sched_getaffinity(0, sizeof all, &all) < 0) fail("processors");
  CPU_ZERO(&one);
  for (int i = 0; i < CPU_SETSIZE && !CPU_COUNT(&one); i++) {
    if (CPU_ISSET(i, &all)) CPU_SET(i, &one);
  }
  if (sched_setaffinity(0, sizeof one, &one) < 0) fail("stay on one processor");
}

static int by_text(const void *one, const void *other) {
  return strcmp(*(char *const *)one, *(char *const *)other);
}

static void order_environment(void) {
  size_t many = 0;
  while (environ[many]) many++;
  qsort(environ, many, sizeof *environ, by_text);
}

static void prepare_to_be_taken(void) {
  struct rlimit limit = {STACK_FOR_LAYOUT, RLIM_INFINITY};
  if (personality(ADDR_NO_RANDOMIZE) < 0 || setrlimit(RLIMIT_STACK, &limit) < 0) fail("layout of the memory");
  if (prctl(PR_SET_TSC, PR_TSC_SIGSEGV, 0, 0, 0) < 0) fail("counter of cycles");
  stay_on_one_processor();
  // A shell has added where it is.
  if (unsetenv("PWD") < 0) fail("environment");
  order_environment();
}

static pid_t started(const char *root, char **command, int is_taken) {
  pid_t process = fork();
  if (process < 0) fail("fork");
  if (process > 0) {
    waited(process);
    int options = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXIT;
    if (ptrace(PTRACE_SETOPTIONS, process, 0, options) < 0) fail("options");
    return process;
  }
  if (*root && (chroot(root) < 0 || chdir("/") < 0)) fail(root);
  // It survives the exec.
  alarm(TIME_LIMIT);
  umask(022);
  if (is_taken) prepare_to_be_taken();
  if (ptrace(PTRACE_TRACEME, 0, 0, 0) < 0) fail("ptrace");
  execv(*command, command);
  fail(*command);
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
static uword place_of_thread_id(int memory, uword thread) {
  half words[1024];
  if (pread(memory, words, sizeof words, thread) != sizeof words) fail("thread");
  uword place = 0, found = 0;
  for (uword i = 0; i < 1024; i++) {
    if (words[i] == FIRST_NUMBER) place = thread + 4 * i, found++;
  }
  if (found == 1) return place;
  fprintf(stderr, "the number of the thread is in the thread's data %lu times, not once\n", found);
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
  checkpoint.thread_id = place_of_thread_id(memory, registers.fs_base);
  checkpoint.rbx = registers.rbx, checkpoint.rbp = registers.rbp, checkpoint.rsp = registers.rsp, checkpoint.rip = registers.rip;
  checkpoint.r12 = registers.r12, checkpoint.r13 = registers.r13, checkpoint.r14 = registers.r14, checkpoint.r15 = registers.r15;
}

static void take(const char *path, const char *root, char **command) {
  char program[4096];
  snprintf(program, sizeof program, "%s%s", root, *command);
  pid_t process = started(root, command, 1);
  struct rlimit limit = {STACK, RLIM_INFINITY};
  if (prlimit(process, RLIMIT_STACK, &limit, 0) < 0) fail("prlimit");
  run_in_turns(process, SIGSTOP);
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

// What the earlier runs have done with it.
static enum touch touch_before(const struct checkpoint *before, uword address) {
  for (uword i = 0; i < before->touches; i++) {
    const struct touched *touched = &before->touched[i];
    if (address - touched->address < touched->size) return touched->written ? WRITTEN : TOUCHED;
  }
  return UNTOUCHED;
}

static void add_touched(uword address, enum touch touch) {
  struct touched *last = checkpoint.touches ? &checkpoint.touched[checkpoint.touches - 1] : 0;
  if (last && last->address + last->size == address && last->written == (touch == WRITTEN)) last->size += PAGE;
  else if (checkpoint.touches < MOST_TOUCHED) checkpoint.touched[checkpoint.touches++] = (struct touched){address, PAGE, touch == WRITTEN};
}

static void note_run(const char *root, char **command) {
  static struct checkpoint before;
  before = checkpoint;
  checkpoint.touches = 0;
  pid_t process = started(root, command, 0);
  run_in_turns(process, SIGTRAP | PTRACE_EVENT_EXIT << 8);
  int pages = opened(process, "pagemap");
  uword done = 0;
  for (uword i = 0; i < checkpoint.regions; i++) {
    const struct region *region = &checkpoint.region[i];
    if (region->source == NOWHERE_YET && region->size > 1UL << 25) continue;
    for (uword at = region->address; at < region->address + region->size; at += PAGE) {
      if (at < done) continue;
      done = at + PAGE;
      enum touch touch = touch_of(pages, region, at), earlier = touch_before(&before, at);
      // The system may have taken a page back before it is seen: then another run has it.
      if (earlier > touch) touch = earlier;
      if (touch != UNTOUCHED) add_touched(at, touch);
    }
  }
  close(pages);
  int status;
  if (ptrace(PTRACE_CONT, process, 0, 0) < 0 || waitpid(process, &status, 0) < 0) fail("end");
  if (!WIFEXITED(status) || WEXITSTATUS(status)) {
    fprintf(stderr, "what goes on from the checkpoint ends with status %x\n", status);
    exit(1);
  }
}

static void note(const char *path, const char *root, char **command) {
  FILE *file = checked(fopen(path, "r+"), path);
  if (!fread(&checkpoint, sizeof checkpoint, 1, file)) fail(path);
  // Pages that are being written to the disk are not mapped beside others.
  if (syncfs(fileno(file)) < 0) fail(path);
  for (int run = 0; run < NOTED_RUNS; run++) note_run(root, command);
  if (fseek(file, 0, SEEK_SET) || !fwrite(&checkpoint, sizeof checkpoint, 1, file) || fclose(file)) fail(path);
}

int main(int argc, char **argv) {
  if (argc < 5) return 100;
  if (!strcmp(argv[1], "take")) take(argv[2], argv[3], argv + 4);
  else note(argv[2], argv[3], argv + 4);
  return 0;
}
