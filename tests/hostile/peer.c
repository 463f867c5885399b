// A local user who makes connections to a Unix domain socket, as many as it can. Built by its test.
// Usage: peer SOCKET COUNT HELD [ LENGTH DESCRIPTORS [ TEXT ] ]
// As nobody, one connection after the other, of which the last HELD stay open. On each it sends the begin of a message:
// a header that names LENGTH bytes and DESCRIPTORS descriptors, TEXT, and as many descriptors beside. Then it prints
// "done" and stays until standard input ends.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define NOBODY 65534
#define MOST_HELD 10000
#define MOST_DESCRIPTORS 253

static char bytes[1 << 16];

// What the other end has closed already is no reason to stop.
static void tell(int fd, unsigned length, unsigned descriptors, const char *text) {
  static int nothing = -1;
  if (nothing < 0) nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  unsigned size = htonl(length);
  unsigned short count = htons(descriptors);
  memcpy(bytes, &size, 4);
  memcpy(bytes + 4, &count, 2);
  size_t more = strlen(text);
  memcpy(bytes + 6, text, more);
  struct iovec part = {bytes, 6 + more};
  char control[CMSG_SPACE(sizeof(int) * MOST_DESCRIPTORS)] = {0};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  unsigned sent = descriptors < MOST_DESCRIPTORS ? descriptors : MOST_DESCRIPTORS;
  if (sent > 0) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * sent);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * sent);
    for (unsigned i = 0; i < sent; i++) memcpy(CMSG_DATA(header) + i * sizeof(int), &nothing, sizeof(int));
  }
  sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

int main(int argc, char **argv) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (argc < 4 || strlen(argv[1]) >= sizeof address.sun_path) return 100;
  strcpy(address.sun_path, argv[1]);
  int count = atoi(argv[2]), held = atoi(argv[3]);
  if (held < 1 || held > MOST_HELD || (argc > 6 && strlen(argv[6]) > sizeof bytes - 6)) return 100;
  struct rlimit files = {MOST_HELD + 64, MOST_HELD + 64};
  setrlimit(RLIMIT_NOFILE, &files);
  if (setgroups(0, 0) || setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY)) return 111;
  static int ring[MOST_HELD];
  for (int i = 0; i < count; i++) {
    int *place = &ring[i % held];
    if (*place > 0) close(*place);
    *place = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*place < 0 || connect(*place, (struct sockaddr *)&address, sizeof address)) {
      perror("peer: connect");
      return 111;
    }
    if (argc > 5) tell(*place, strtoul(argv[4], 0, 10), atoi(argv[5]), argc > 6 ? argv[6] : "");
  }
  if (write(1, "done\n", 5) != 5) return 111;
  char byte;
  return read(0, &byte, 1) != 0;
}
