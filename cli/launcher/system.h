// The system as the launcher and the player see it: raw calls, a few constants of Linux, and writing to a descriptor.

typedef long word;
typedef unsigned long uword;
typedef unsigned int half;

#if defined(__x86_64__)

enum {
  READ = 0, WRITE = 1, CLOSE = 3, FSTAT = 5, MMAP = 9, MPROTECT = 10, MUNMAP = 11, MREMAP = 25, MADVISE = 28, SIGACTION = 13, SIGPROCMASK = 14, IOCTL = 16, PREAD = 17, SOCKET = 41, CONNECT = 42,
  RECVFROM = 45, SENDMSG = 46, GETSOCKOPT = 55, CLONE = 56, EXECVE = 59, WAIT4 = 61, FCNTL = 72, CHDIR = 80, UMASK = 95, GETEUID = 107, GETPID = 39,
  SETPGID = 109, SETSID = 112, SETGROUPS = 116, SETRESUID = 117, GETRESUID = 118, SETRESGID = 119, GETPGID = 121, CAPGET = 125, PRCTL = 157, ARCH_PRCTL = 158, GETTID = 186, EXIT_GROUP = 231,
  NEWFSTATAT = 262, PPOLL = 271,
  OPENAT = 257, DUP3 = 292, PIPE2 = 293, PRLIMIT = 302, MEMFD = 319,
  O_NOFOLLOW = 0400000
};

__asm__(".globl _start\n_start: xor %ebp,%ebp\nmov %rsp,%rdi\nand $-16,%rsp\ncall start\n");

static word call6(word number, word a, word b, word c, word d, word e, word f) {
  word result;
  register word r10 __asm__("r10") = d;
  register word r8 __asm__("r8") = e;
  register word r9 __asm__("r9") = f;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return result;
}

#elif defined(__aarch64__)

enum {
  DUP3 = 24, FCNTL = 25, IOCTL = 29, CHDIR = 49, OPENAT = 56, CLOSE = 57, PIPE2 = 59, READ = 63, WRITE = 64, PREAD = 67, PPOLL = 73, NEWFSTATAT = 79,
  CAPGET = 90, EXIT_GROUP = 94, SIGACTION = 134,
  SIGPROCMASK = 135, SETRESUID = 147, GETRESUID = 148, SETRESGID = 149, SETPGID = 154, GETPGID = 155, SETSID = 157, SETGROUPS = 159, UMASK = 166,
  PRCTL = 167, GETEUID = 175, GETPID = 172, SOCKET = 198, CONNECT = 203, RECVFROM = 207, GETSOCKOPT = 209, SENDMSG = 211, CLONE = 220, EXECVE = 221,
  MUNMAP = 215, MREMAP = 216, MMAP = 222, MPROTECT = 226, WAIT4 = 260, PRLIMIT = 261, MEMFD = 279,
  O_NOFOLLOW = 0100000
};

__asm__(".globl _start\n_start: mov x29,#0\nmov x30,#0\nmov x0,sp\nbl start\n");

static word call6(word number, word a, word b, word c, word d, word e, word f) {
  register word x8 __asm__("x8") = number;
  register word x0 __asm__("x0") = a;
  register word x1 __asm__("x1") = b;
  register word x2 __asm__("x2") = c;
  register word x3 __asm__("x3") = d;
  register word x4 __asm__("x4") = e;
  register word x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
}

// The compiler calls these for structures, whether there is a library or not; on x86-64 it has instructions for that.
void *memset(void *to, int value, uword size) {
  for (unsigned char *byte = to; size > 0; size--) *byte++ = (unsigned char)value;
  return to;
}

void *memcpy(void *to, const void *from, uword size) {
  const unsigned char *source = from;
  for (unsigned char *byte = to; size > 0; size--) *byte++ = *source++;
  return to;
}

#endif

static word call(word number, word a, word b, word c, word d) { return call6(number, a, b, c, d, 0, 0); }

enum { EPERM = 1, ENOENT = 2, EINTR = 4, ENXIO = 6, ENOEXEC = 8, EAGAIN = 11, ENOMEM = 12, EACCES = 13, ENOTDIR = 20, EISDIR = 21, EINVAL = 22, ENOSYS = 38 };
enum { AT_FDCWD = -100, AT_EXECFN = 31, O_WRONLY = 1, O_ACCMODE = 3, O_CREAT = 0100, O_NONBLOCK = 04000, O_PATH = 010000000, O_CLOEXEC = 02000000 };
enum { F_DUPFD = 0, F_GETFD = 1, F_SETFD = 2, F_GETFL = 3, F_SETFL = 4, F_SETLKW = 7, F_DUPFD_CLOEXEC = 1030 };
enum { SIGPIPE = 13, SIGTTOU = 22, SIG_DFL = 0, SIG_IGN = 1, SIG_BLOCK = 0, SIG_SETMASK = 2, F_WRLCK = 1, SIGCHLD = 17 };
enum { RLIMIT_DATA = 2, RLIMIT_STACK = 3, RLIMIT_NPROC = 6, RLIMIT_NOFILE = 7, RLIMIT_AS = 9 };
enum { TIOCSPGRP = 0x5410, PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4, MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_ANONYMOUS = 32, MREMAP_MAYMOVE = 1 };
enum { AF_UNIX = 1, SOCK_SEQPACKET = 5, SOCK_CLOEXEC = O_CLOEXEC, SOCK_NONBLOCK = O_NONBLOCK, SOL_SOCKET = 1, SO_PEERCRED = 17 };
enum { MSG_NOSIGNAL = 0x4000, POLLIN = 1, POLLOUT = 4, NOBODY = 65534, MOST_PIECES = 16 };
enum { CAPABILITIES_VERSION = 0x20080522 };  // _LINUX_CAPABILITY_VERSION_3
enum { PR_SET_DUMPABLE = 4, PR_CAP_AMBIENT = 47, PR_CAP_AMBIENT_CLEAR_ALL = 4 };

static uword length(const char *text) {
  uword n = 0;
  while (text[n]) n++;
  return n;
}

static int is_same(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

static int write_all(word fd, const void *from, uword size) {
  const char *at = from;
  while (size) {
    word written = call(WRITE, fd, (word)at, size, 0);
    if (written == -EINTR) continue;
    if (written <= 0) return 0;
    at += written;
    size -= written;
  }
  return 1;
}

static void complain(const char *text) { write_all(2, text, length(text)); }

static _Noreturn void leave(word code) {
  for (;;) call(EXIT_GROUP, code, 0, 0, 0);
}

// Writes the digits and a zero byte, and returns the place of that byte.
static char *write_number(char *at, uword number) {
  char digits[20];
  int count = 0;
  do digits[count++] = '0' + number % 10;
  while (number /= 10);
  while (count) *at++ = digits[--count];
  *at = 0;
  return at;
}

static uword number_of(const char *digits) {
  uword number = 0;
  while (*digits >= '0' && *digits <= '9') number = 10 * number + (*digits++ - '0');
  return number;
}
