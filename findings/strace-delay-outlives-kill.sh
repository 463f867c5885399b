#!/usr/bin/env bash
# strace 6.1 (Debian 12): with -e inject=...:delay_enter the delay of a system call outlives the process. A tracee that is
# killed by SIGKILL while the delay holds it is gone for the kernel, but its parent's wait(2) does not return before the
# delay is over: until then strace does not pass the death on. Whoever tests with injected delays that a process can be
# killed measures strace.
#
# Seen: "wait returned 3 s after the kill" (or 4) for a delay of 4 s from the exec, killed half a second later.
set -euo pipefail

version=6.1-0.1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
(cd "$dir" && apt-get -q download "strace=$version" >/dev/null && dpkg -x ./strace_*.deb .)
strace=$dir/usr/bin/strace
"$strace" --version | head -n 1
cp "$(command -v sleep)" "$dir/held"

export HELD=$dir/held
# shellcheck disable=SC2016 # The shell within expands it.
seen=$("$strace" -f -qq -o /dev/null -P "$HELD" -e trace=execve -e inject=execve:delay_enter=4000000 \
  bash -c '"$HELD" 100 & sleep 0.5; kill -9 $!; killed=$SECONDS; wait $! 2>/dev/null; echo $((SECONDS - killed))')
echo "wait returned $seen s after the kill"
[ "$seen" -ge 3 ] || { echo "changed: the death is passed on at once" >&2; exit 1; }
