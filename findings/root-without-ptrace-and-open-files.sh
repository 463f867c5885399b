#!/usr/bin/env bash
# Root in a container of podman or docker with the usual capabilities has no CAP_SYS_PTRACE. For the kernel (6.x) that
# decides what of another user's process can be seen: /proc/PID/fd can be listed, but no entry of it can be followed, nor
# can cwd and exe, whereas /proc/PID/cmdline, comm and stat can be read, and the process can be killed. The owner itself
# follows them all. So the usual way to find where a daemon logs, the files that it has open, works as root on the
# machine and for a daemon of root, and fails as root in the container for the daemon that runs as nobody; its words in
# /proc/PID/cmdline are what is left.
#
# Seen with setpriv of util-linux 2.38.1 (Debian 12), which takes the capability away:
#   with: fd listed, fd/3 followed, cwd followed, cmdline read
#   without: fd listed, fd/3 refused, cwd refused, cmdline read
#   owner: fd listed, fd/3 followed, cwd followed, cmdline read
set -euo pipefail

dir=$(mktemp -d)
chmod 755 "$dir"
(
  cd "$dir"
  apt-get -q download 'util-linux=2.38.1*' >/dev/null
  dpkg -x ./util-linux_*.deb .
)
setpriv=$(find "$dir" -name setpriv -type f -perm -100 | head -n 1)

"$setpriv" --reuid=65534 --regid=65534 --clear-groups sleep 1000 3</dev/null &
daemon=$!
trap 'kill "$daemon"; rm -rf "$dir"' EXIT
until grep -q "^sleep" "/proc/$daemon/cmdline"; do kill -0 "$daemon"; sleep 0.01; done

# shellcheck disable=SC2016 # The shells within expand it.
look='
fd=refused; ls "/proc/$1/fd" >/dev/null 2>&1 && fd=listed
file=refused; readlink "/proc/$1/fd/3" >/dev/null 2>&1 && file=followed
cwd=refused; readlink "/proc/$1/cwd" >/dev/null 2>&1 && cwd=followed
words=refused; [ "$(tr -d "\\0" <"/proc/$1/cmdline")" = sleep1000 ] && words=read
echo "fd $fd, fd/3 $file, cwd $cwd, cmdline $words"'

with=$(sh -c "$look" look "$daemon")
without=$("$setpriv" --bounding-set=-sys_ptrace --inh-caps=-sys_ptrace sh -c "$look" look "$daemon")
owner=$("$setpriv" --reuid=65534 --regid=65534 --clear-groups sh -c "$look" look "$daemon")
printf 'with: %s\nwithout: %s\nowner: %s\n' "$with" "$without" "$owner"

all="fd listed, fd/3 followed, cwd followed, cmdline read"
[ "$with" = "$all" ] || { echo "changed: root with the capability" >&2; exit 1; }
[ "$owner" = "$all" ] || { echo "changed: the owner" >&2; exit 1; }
[ "$without" = "fd listed, fd/3 refused, cwd refused, cmdline read" ] || { echo "changed: root without the capability" >&2; exit 1; }
