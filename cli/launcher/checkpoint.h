// A checkpoint is a process of the program as it was when it had loaded everything and knew nothing of its caller yet:
// its memory, and where it went on. scripts/checkpoint/take.c takes it when the overlay is built, restore.c makes a process
// of it.

#define CHECKPOINT_VERSION 0x31746e696f706b63UL

enum { PAGE = 4096, MOST_REGIONS = 640, MOST_TOUCHED = 512, IDENTITY_SIZE = 1024 };

// Where the bytes of a region are: nowhere (they are zero), in the checkpoint, in the program's own file.
enum source { NOWHERE_YET, IN_CHECKPOINT, IN_PROGRAM };

// Memory in whole pages, in ascending order; one that begins within an earlier one takes the place of that part of it.
struct region { uword address, size, protection, source, offset; };

// Pages that every program touches, and writes if `written`: they are made in one go, as each page fault costs more.
struct touched { uword address, size, written; };

struct checkpoint {
  uword version, size, regions, touches;
  uword program_size;  // and what the program's file begins with, where its segments and sections are, by which it is known
  unsigned char program[IDENTITY_SIZE];
  uword processor[4];  // what the processor must have, as features_of_processor tells it
  uword record;        // the address of the word that the launcher puts the descriptor of its record into
  uword thread;        // the address of the thread's own data
  uword thread_id;     // and of the half word in which the C library keeps the thread's number
  uword rbx, rbp, r12, r13, r14, r15, rsp, rip;
  struct region region[MOST_REGIONS];
  struct touched touched[MOST_TOUCHED];
};

#if defined(__x86_64__)

static void ask_processor(half leaf, half result[4]) {
  __asm__ volatile("cpuid" : "=a"(result[0]), "=b"(result[1]), "=c"(result[2]), "=d"(result[3]) : "a"(leaf), "c"(0));
}

// Instructions that the C library, V8 and Rust's libraries use where they find them, and remember that they did: SSE3, SSSE3,
// FMA, CMPXCHG16B, SSE4.1, SSE4.2, MOVBE, POPCNT, OSXSAVE, AVX and F16C; BMI1, AVX2 and BMI2; LZCNT; and the registers that
// the kernel saves (SSE, AVX). When a checkpoint is taken, nothing may use AVX-512 (scripts/checkpoint.ts).
static void features_of_processor(uword features[4]) {
  half leaf[4], low, high;
  ask_processor(0, leaf);
  half highest = leaf[0];
  ask_processor(1, leaf);
  features[0] = leaf[2] & (1U << 0 | 1U << 9 | 1U << 12 | 1U << 13 | 1U << 19 | 1U << 20 | 1U << 22 | 1U << 23 | 1U << 27 | 1U << 28 | 1U << 29);
  features[3] = 0;
  if (leaf[2] & 1U << 27) {
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    features[3] = low & 6;
  }
  leaf[1] = 0;
  if (highest >= 7) ask_processor(7, leaf);
  features[1] = leaf[1] & (1U << 3 | 1U << 5 | 1U << 8);
  ask_processor(0x80000001, leaf);
  features[2] = leaf[2] & 1U << 5;
}

#endif
