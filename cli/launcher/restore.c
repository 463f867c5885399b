// Going on from a checkpoint (checkpoint.h), which is there where the overlay was built for this machine's kind: the program
// need not start then, it has started. Whatever is not as it was when the checkpoint was taken, it starts as ever.

#include "checkpoint.h"

#if defined(__x86_64__)

enum { MAP_FIXED = 0x10, MAP_NORESERVE = 0x4000, MAP_FIXED_NOREPLACE = 0x100000, ARCH_SET_FS = 0x1002 };
enum { MADV_POPULATE_READ = 22, MADV_POPULATE_WRITE = 23, O_RDWR = 2 };

static const struct checkpoint *checkpoint;

static word size_of_file(word file) {
  word status[18];
  return call(FSTAT, file, (word)status, 0, 0) < 0 ? -1 : status[6];
}

static int is_whole(word file) {
  return size_of_file(file) >= (word)sizeof *checkpoint && checkpoint->version == CHECKPOINT_VERSION &&
    checkpoint->regions <= MOST_REGIONS && checkpoint->touches <= MOST_TOUCHED && size_of_file(file) == (word)checkpoint->size;
}

static int is_same_program(word program) {
  static unsigned char beginning[IDENTITY_SIZE];
  if (size_of_file(program) != (word)checkpoint->program_size) return 0;
  if (call(PREAD, program, (word)beginning, IDENTITY_SIZE, 0) != IDENTITY_SIZE) return 0;
  for (uword i = 0; i < IDENTITY_SIZE; i++) {
    if (beginning[i] != checkpoint->program[i]) return 0;
  }
  return 1;
}

static int is_such_a_processor(void) {
  uword features[4];
  features_of_processor(features);
  for (uword i = 0; i < 4; i++) {
    if ((features[i] & checkpoint->processor[i]) != checkpoint->processor[i]) return 0;
  }
  return 1;
}

// Nothing of this process may lie where the program's memory was.
static int map(const struct region *region, uword mapped_up_to, word file, word program) {
  int lies_within = region->address < mapped_up_to;
  word flags = MAP_PRIVATE | MAP_NORESERVE | (lies_within ? MAP_FIXED : MAP_FIXED_NOREPLACE);
  if (region->source == NOWHERE_YET) flags |= MAP_ANONYMOUS;
  word from = region->source == NOWHERE_YET ? -1 : region->source == IN_PROGRAM ? program : file;
  return call6(MMAP, region->address, region->size, region->protection, flags, from, region->offset) == (word)region->address;
}

static int map_all(word file, word program) {
  uword mapped_up_to = 0;
  for (const struct region *region = checkpoint->region; region < checkpoint->region + checkpoint->regions; region++) {
    if (!map(region, mapped_up_to, file, program)) return 0;
    if (region->address + region->size > mapped_up_to) mapped_up_to = region->address + region->size;
  }
  // Only to be quick: kernels before 5.14 cannot.
  for (const struct touched *touched = checkpoint->touched; touched < checkpoint->touched + checkpoint->touches; touched++) {
    call(MADVISE, touched->address, touched->size, touched->written ? MADV_POPULATE_WRITE : MADV_POPULATE_READ, 0);
  }
  return 1;
}

_Noreturn static void go_on(void) {
  __asm__ volatile(
    "mov %c1(%0), %%rbx\nmov %c2(%0), %%rbp\nmov %c3(%0), %%r12\nmov %c4(%0), %%r13\nmov %c5(%0), %%r14\n"
    "mov %c6(%0), %%r15\nmov %c7(%0), %%rsp\nmov %c8(%0), %%rcx\nxor %%eax, %%eax\njmp *%%rcx"
    :
    : "a"(checkpoint), "i"(__builtin_offsetof(struct checkpoint, rbx)), "i"(__builtin_offsetof(struct checkpoint, rbp)),
      "i"(__builtin_offsetof(struct checkpoint, r12)), "i"(__builtin_offsetof(struct checkpoint, r13)),
      "i"(__builtin_offsetof(struct checkpoint, r14)), "i"(__builtin_offsetof(struct checkpoint, r15)),
      "i"(__builtin_offsetof(struct checkpoint, rsp)), "i"(__builtin_offsetof(struct checkpoint, rip))
    : "memory");
  __builtin_unreachable();
}

// As the runtime does when it starts: what we open must not be taken for standard input, output or error.
static int fill_standard(void) {
  for (word fd = 0; fd < 3; fd++) {
    if (call(FCNTL, fd, F_GETFD, 0, 0) < 0 && call(OPENAT, AT_FDCWD, (word) "/dev/null", O_RDWR, 0) != fd) return 0;
  }
  return 1;
}

// Goes on as the program that the checkpoint is of, with this record of the call. Returns if that cannot be; what has been
// mapped by then goes when another program is executed.
static void restore(const char *path, word record) {
  if (!fill_standard()) return;
  // Not to wait in what is not a file: nothing can end this process yet.
  word file = call(OPENAT, AT_FDCWD, (word)path, O_CLOEXEC | O_NONBLOCK, 0);
  if (file < 0) return;
  word program = call(OPENAT, AT_FDCWD, (word)PROGRAM, O_CLOEXEC | O_NONBLOCK, 0);
  checkpoint = (const struct checkpoint *)call6(MMAP, 0, sizeof *checkpoint, PROT_READ, MAP_PRIVATE, file, 0);
  int is_ready = (word)checkpoint > 0 && program >= 0 && is_whole(file) && is_same_program(program) && is_such_a_processor() &&
    map_all(file, program) && call(ARCH_PRCTL, ARCH_SET_FS, checkpoint->thread, 0, 0) == 0;
  call(CLOSE, file, 0, 0, 0);
  if (program >= 0) call(CLOSE, program, 0, 0, 0);
  if (!is_ready) return;
  *(uword *)checkpoint->record = record + 1;
  *(half *)checkpoint->thread_id = call(GETTID, 0, 0, 0, 0);
  go_on();
}

#else

// Checkpoints are taken on amd64 only.
static void restore(const char *path, word record) { (void)path, (void)record; }

#endif
