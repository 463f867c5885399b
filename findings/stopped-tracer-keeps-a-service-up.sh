#!/usr/bin/env bash
# s6 2.11.3.2 and strace 6.1 (Debian 12), Linux 6.18: SIGKILL does not end a service that strace is attached to while strace
# itself is stopped (by ^Z, by a pager that waits). strace asks for an event at the exit of its tracees; the killed process
# stands there, in state "t", until its tracer has taken the event. s6-svc -k returns 0, s6-svstat goes on saying "up" with
# the pid, finish does not run, nothing is started again, and s6-svc -wD waits for ever. Nothing but the end of the tracer,
# or a signal that lets it go on, helps.
#
# Seen: "killed: t, s6-svstat: up"; and when the tracer goes on: "s6-svstat: down".
set -euo pipefail

dir=$(mktemp -d)
tracer='' supervisor=''
trap 'kill -9 $tracer 2>/dev/null || true; kill $supervisor 2>/dev/null || true; wait || true; rm -rf "$dir"' EXIT
(cd "$dir" && apt-get -q download s6=2.11.3.2-1 libs6-2.11=2.11.3.2-1 strace=6.1-0.1 >/dev/null &&
  for package in *.deb; do dpkg -x "$package" .; done)
library=$(dirname "$(find "$dir" -name 'libs6.so.2.11' | head -n 1)")
export PATH=$dir/bin:$dir/usr/bin:$PATH LD_LIBRARY_PATH=$library

mkdir "$dir/service"
printf '#!/bin/sh\nexec sleep 1000\n' >"$dir/service/run"
chmod +x "$dir/service/run"
touch "$dir/service/down"
s6-supervise "$dir/service" &
supervisor=$!
until s6-svok "$dir/service"; do :; done
s6-svc -o "$dir/service"
until pid=$(s6-svstat -o pid "$dir/service") && [ "$pid" != -1 ]; do :; done

strace -p "$pid" -o /dev/null 2>/dev/null &
tracer=$!
until grep -q "^TracerPid:[[:space:]]$tracer\$" "/proc/$pid/status"; do :; done
kill -STOP "$tracer"
until grep -q '^State:[[:space:]]T' "/proc/$tracer/status"; do :; done

s6-svc -k "$dir/service"
# Until the signal has been taken.
until grep -q '^ShdPnd:[[:space:]]0*100$' "/proc/$pid/status"; do :; done
sleep 1
process=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$pid/status")
state=$(s6-svstat -o up "$dir/service")
held="killed: $process, s6-svstat: $([ "$state" = true ] && echo up || echo down)"
echo "$held"
kill -CONT "$tracer"
for _ in $(seq 100); do
  state=$(s6-svstat -o up "$dir/service")
  [ "$state" = false ] && break
  sleep 0.05
done
echo "s6-svstat: $([ "$state" = true ] && echo up || echo down)"
if [ "$held" != "killed: t, s6-svstat: up" ] || [ "$state" != false ]; then echo "changed" >&2; exit 1; fi
