# Objects in the place of files. Sockets and leases are held by one process, which has them all by hold_objects.

: >sockets; : >leases

object() {
  case $1 in
    fifo) mkfifo "$2" ;;
    socket) echo "$2" >>sockets ;;
    device) mknod "$2" c 1 5 ;;
    directory) mkdir "$2" ;;
    loop) ln -s "${2##*/}" "$2" ;;
    huge) cp huge "$2" ;;
    sparse) truncate -s 1T "$2" ;;
    leased) echo 3 >"$2"; echo "$2" >>leases ;;
    unreadable) echo 3 >"$2"; chown 0 "$2"; chmod 0 "$2" ;;
  esac
}

head -c 3000000 /dev/zero | tr '\0' 9 >huge

hold_objects() {
  python3 -c '
import fcntl, os, signal, socket
signal.signal(signal.SIGIO, signal.SIG_IGN)
sockets = [socket.socket(socket.AF_UNIX) for _ in open("sockets")]
for each, path in zip(sockets, open("sockets")): each.bind(path.strip())
for path in open("leases"): fcntl.fcntl(os.open(path.strip(), os.O_RDWR), fcntl.F_SETLEASE, fcntl.F_WRLCK)
open("held", "w").write("held\n")
signal.pause()' 2>>errors &
  shortly [ -s held ]
  rm held; : >sockets; : >leases
}

# A service that tells of each start, and of each end.
service() {
  mkdir -p "scan/$1"
  cp run finish "scan/$1"
  pids="$pids scan/$1/pids"
}
# shellcheck disable=SC2002 # A redirection would fail where there is no file: that has 0 lines.
lines() { cat "$1" 2>/dev/null | wc -l; }
starts() { [ "$(lines "scan/$2/pids")" = "$1" ]; }
again() { [ "$(lines "scan/$1/pids")" -gt 1 ]; }
