#!/bin/sh
# Deno 2.9.6, Linux: a program that does nothing asynchronous has threads of the asynchronous runtime's pool all the same, which
# loading its modules has started. They have nothing to do and stay for ten seconds; V8's switch --single-threaded has no say
# in them. So a program that is to be one thread (to fork by FFI, to be checkpointed, to change its user id by a system call
# for all of itself, under a tight limit of processes) is one only after ten seconds.
# Seen: one or more threads of that name at the start, and after 3 s; none after 12 s.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-save --prefix "$dir/npm" deno@2.9.6 >/dev/null
deno="$dir/npm/node_modules/.bin/deno"
"$deno" --version | head -1
cat >threads.js <<'JS'
const pool = () =>
  Array.from(Deno.readDirSync("/proc/self/task"), ({ name }) => Deno.readTextFileSync(`/proc/self/task/${name}/comm`))
    .filter((name) => name.startsWith("tokio")).length;
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const counts = [pool()];
for (const ms of [3000, 9000]) {
  sleep(ms);
  counts.push(pool());
}
console.log(counts.join(" "));
JS
counts=$(DENO_V8_FLAGS=--single-threaded "$deno" run -A --no-config threads.js)
echo "threads of the pool at the start, after 3 s, after 12 s: $counts"
case $counts in
[1-9]*" "[1-9]*" 0") ;;
*) exit 1 ;;
esac
