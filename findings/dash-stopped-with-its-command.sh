#!/usr/bin/env bash
# dash 0.5.12 (Debian 12) starts simple commands by vfork. A SIGSTOP to the process group that comes between the vfork and
# the exec stops the command, and the shell stays in the kernel's wait for it: /proc/PID/status of the shell says D (disk
# sleep), not T (stopped), and goes on saying it until SIGCONT. A waitpid with WUNTRACED waits as long. Whoever waits for a
# whole group to be T, or takes D for a disk that hangs, is misled. bash 5.2, which forks, is T every time.
#
# Seen: "dash: D after N stops" with N from 1 to some hundreds, for a shell that does nothing but start commands;
# "bash: T after 300 stops".
set -euo pipefail

dir=$(mktemp -d)
chmod 755 "$dir"
trap 'rm -rf "$dir"' EXIT
(
  cd "$dir"
  apt-get -q download dash=0.5.12-2 'bash=5.2.15-2*' >/dev/null
  for package in ./*.deb; do dpkg -x "$package" .; done
)

state() { sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$1/status"; }

# The state that lasts: a shell that is on its way to T is asked again, for half a second.
settled() {
  for _ in $(seq 50); do
    now=$(state "$1")
    [ "$now" = T ] && break
    sleep 0.01
  done
  echo "$now"
}

# Stops the group of a busy shell up to $2 times, until the shell is asleep and not stopped.
stops() {
  setsid "$1" -c 'while :; do /bin/true; done' &
  shell=$!
  until [ "$(ps -o pgid= -p "$shell" | tr -d ' ')" = "$shell" ]; do sleep 0.01; done
  for count in $(seq "$2"); do
    kill -STOP -- "-$shell"
    found=$(settled "$shell")
    [ "$found" = T ] || break
    kill -CONT -- "-$shell"
    sleep "0.00$((count % 10))"
  done
  kill -KILL -- "-$shell"
  wait "$shell" 2>/dev/null || true
  echo "$(basename "$1"): $found after $count stops"
}

set +m
first=$(stops "$(find "$dir" -name dash -type f -perm -100 | head -n 1)" 3000)
second=$(stops "$(find "$dir" -name bash -type f -perm -100 | head -n 1)" 300)
printf '%s\n%s\n' "$first" "$second"
case $first in *": D after"*) ;; *) echo "changed: dash is stopped with its command" >&2 && exit 1 ;; esac
case $second in *": T after 300 stops") ;; *) echo "changed: bash is not" >&2 && exit 1 ;; esac
