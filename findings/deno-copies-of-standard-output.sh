#!/bin/sh
# Deno 2.9.6, Linux: a program has its standard output and error twice. The runtime makes close-on-exec copies when it
# starts, and neither Deno.stdout.close() nor close(2) of descriptor 1 ends them: whoever reads the pipe learns that it is
# over when the process ends, not when it has closed its output. A program that closes its output to say that it is done,
# and goes on, does not say it. Deno 2.4.2 has a copy of standard input as well.
# Seen: the pipe is open on one number more than 1 before and after Deno.stdout.close() and close(1).
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-save --prefix "$dir/npm" deno@2.9.6 >/dev/null
deno="$dir/npm/node_modules/.bin/deno"
"$deno" --version | head -1
cat >numbers.js <<'JS'
const pipe = Deno.readLinkSync("/proc/self/fd/1");
// How many descriptors of this process lead to the pipe.
const count = () =>
  Array.from(Deno.readDirSync("/proc/self/fd"), ({ name }) => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${name}`);
    } catch {
      return "";
    }
  }).filter((target) => target === pipe).length;
const { symbols } = Deno.dlopen("libc.so.6", { close: { parameters: ["i32"], result: "i32" } });
const before = count();
Deno.stdout.close();
const closed = count();
symbols.close(1);
Deno.writeTextFileSync("counts", `${before} ${closed} ${count()}`);
JS
"$deno" run -A --no-config numbers.js 2>/dev/null | cat
counts=$(cat counts)
echo "descriptors of the pipe at the start, after Deno.stdout.close(), after close(1): $counts"
[ "$counts" = "2 2 1" ]
