// Connects to the socket of process 1 again and again, asks, and does not read: as fast as it can, until it is killed.
// The request is the argument; an empty one has it ask nothing.

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { HELD = 100 };

int main(int argc, char **argv) {
  struct sockaddr_un address = {AF_UNIX, "/run/s6/questions"};
  int held[HELD];
  memset(held, -1, sizeof held);
  for (int at = 0; argc == 2; at = (at + 1) % HELD) {
    if (held[at] >= 0) close(held[at]);
    held[at] = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);
    if (connect(held[at], (void *)&address, sizeof address) == 0 && *argv[1])
      send(held[at], argv[1], strlen(argv[1]), MSG_NOSIGNAL);
  }
  return 100;
}
