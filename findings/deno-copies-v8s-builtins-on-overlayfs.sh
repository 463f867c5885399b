#!/usr/bin/env bash
# On overlayfs with layers of different file systems each process of Deno 2.9.6 (V8 15.0) has 2 MB more memory of its own
# than elsewhere. V8 maps its builtins a second time, near to compiled code, from the program's file, which it looks up in
# /proc/self/maps: the file must have the device and inode there that fstat gives. Linux 6.18 gives the overlay's device in
# the map, and by fstat a device that stands for the layer. V8 then copies the builtins without a word, into pages that no
# process shares. Where all layers are of one file system the two are the same, and nothing is copied.
#
# Seen, executable memory that is private and written: 0 kB on the plain file system and where all layers are on it, 2200 kB
# with the upper layer on a tmpfs, and 0 kB there with --no-short-builtin-calls, which need no copy.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-save --force --prefix "$dir" @deno/linux-x64-glibc@2.9.6 >/dev/null 2>&1
# Pages of a file that are not on the disk yet count as written by each process that maps them.
sync node_modules/@deno/linux-x64-glibc/deno

cat >look.js <<'EOF'
let isExecutable = false, sum = 0;
for (const line of Deno.readTextFileSync("/proc/self/smaps").split("\n")) {
  const region = /^[0-9a-f]+-[0-9a-f]+ (\S+)/.exec(line);
  if (region) isExecutable = region[1].includes("x");
  const written = /^Private_Dirty:\s+(\d+)/.exec(line);
  if (isExecutable && written) sum += Number(written[1]);
}
console.log(sum);
EOF

# shellcheck disable=SC2016 # The dollars are of the inner shell.
on_overlay='mkdir overlay
if [ "$2" = other ]; then mount -t tmpfs upper overlay; fi
mkdir overlay/upper overlay/work overlay/merged
mount -t overlay -o lowerdir="$1",upperdir=overlay/upper,workdir=overlay/work none overlay/merged
shift 2
exec overlay/merged/deno "$@"'
program=node_modules/@deno/linux-x64-glibc
# $1 where the upper layer is: on the same file system, or on another one.
look() {
  unshare --mount sh -euc "$on_overlay" sh "$program" "$1" run -A --no-config "${@:2}" look.js
  rm -rf overlay
}

plain=$("$program/deno" run -A --no-config look.js)
same=$(look same)
other=$(look other)
other_long=$(look other --v8-flags=--no-short-builtin-calls)
echo "plain: $plain kB; layers of one file system: $same kB, of two: $other kB, and without short calls: $other_long kB"
[ $((same - plain)) -lt 1000 ] || { echo "changed: with one file system there is a copy, too" >&2 && exit 1; }
[ $((other - plain)) -gt 1500 ] || { echo "changed: with two file systems there is no copy" >&2 && exit 1; }
[ $((other_long - plain)) -lt 1000 ] || { echo "changed: without short calls there is a copy, too" >&2 && exit 1; }
