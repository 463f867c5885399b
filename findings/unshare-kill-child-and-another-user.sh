#!/usr/bin/env bash
# unshare of util-linux 2.38.1 (Debian 12): with --kill-child the end of unshare ends the program that it has started, and so a
# whole pid namespace, which is what test harnesses use it for. That is a parent-death signal of that program, and the kernel
# takes it back when the program changes its effective user. A process 1 that drops its rights outlives unshare, with
# everything below it; and so does one that unshare itself has given another user: --kill-child and --setuid are accepted
# together, and the second undoes the first.
#
# Seen: "as root: 0 left", "setuid by unshare: 1 left", "setuid by the program: 1 left".
set -euo pipefail

version=2.38.1-5+deb12u3
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
(cd "$dir" && apt-get -q download "util-linux=$version" >/dev/null && dpkg -x ./util-linux_*.deb .)
unshare=$dir/usr/bin/unshare setpriv=$dir/usr/bin/setpriv
"$unshare" --version

# How many processes with this mark in their environment are left when unshare has been killed.
left() {
  local mark=KILL_CHILD_MARK=$RANDOM$RANDOM
  env "$mark" "$unshare" --pid --fork --kill-child "$@" &
  local shell=$! count=0
  until grep -lzqsx "$mark" /proc/[0-9]*/environ && pgrep -x -P "$shell" sleep >/dev/null; do :; done
  # When it is the sleep it has changed its user.
  kill -9 "$shell"
  wait "$shell" 2>/dev/null || true
  for _ in $(seq 100); do
    count=$(grep -lzsx "$mark" /proc/[0-9]*/environ | wc -l)
    [ "$count" = 0 ] && break
    sleep 0.01
  done
  while IFS=/ read -r _ _ pid _; do kill -9 "$pid"; done < <(grep -lzsx "$mark" /proc/[0-9]*/environ)
  echo "$count"
}

seen="as root: $(left sleep 100) left
setuid by unshare: $(left --setuid 65534 sleep 100) left
setuid by the program: $(left "$setpriv" --reuid 65534 --clear-groups sleep 100) left"
echo "$seen"
[ "$seen" = "as root: 0 left
setuid by unshare: 1 left
setuid by the program: 1 left" ] || { echo "changed" >&2; exit 1; }
