// linger PATH SECONDS [datagrams]: connects to a socket in a file system and sends READY=1 with a connection of the internet
// whose last close waits that long, as its other end reads nothing. Of it nothing is left in this process, which ends when it
// is told.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void must(int ok, const char *what) {
  if (ok) return;
  perror(what);
  exit(111);
}

static int lingering(int seconds) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  struct linger linger = {1, seconds};
  static char block[65536];
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  int sender = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  must(bind(listener, (struct sockaddr *)&address, size) == 0, "bind");
  must(listen(listener, 1) == 0, "listen");
  must(getsockname(listener, (struct sockaddr *)&address, &size) == 0, "getsockname");
  connect(sender, (struct sockaddr *)&address, size);
  must(accept(listener, NULL, NULL) >= 0, "accept");
  while (write(sender, block, sizeof block) > 0) continue;
  must(setsockopt(sender, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) == 0, "setsockopt");
  return sender;
}

static void pass(int connection, int fd) {
  static char text[] = "READY=1";
  struct iovec bytes = {text, sizeof text - 1};
  char room[CMSG_SPACE(sizeof fd)] = {0};
  struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
  struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof fd);
  memcpy(CMSG_DATA(rights), &fd, sizeof fd);
  must(sendmsg(connection, &message, 0) == sizeof text - 1, "sendmsg");
}

int main(int count, char **words) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int connection = socket(AF_UNIX, count == 4 ? SOCK_DGRAM : SOCK_STREAM, 0), fd;
  must(count == 3 || count == 4, "usage");
  strncpy(address.sun_path, words[1], sizeof address.sun_path - 1);
  must(connect(connection, (struct sockaddr *)&address, sizeof address) == 0, "connect");
  fd = lingering(atoi(words[2]));
  pass(connection, fd);
  close(fd);
  close(connection);
  puts("passed");
  fflush(stdout);
  for (;;) pause();
}
