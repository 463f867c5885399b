#!/usr/bin/env bash
# A program that watches its own memory is misled under qemu-user 7.2: Deno 2.9.6 for aarch64, which has not done anything
# yet, has several times the anonymous memory (RssAnon of /proc/self/status) that Deno has by itself, as the emulator's
# translations and tables count as the program's, and /proc/self/status is the emulator's own, while other files of
# /proc/self are made up for the program. Limits in megabytes that hold everywhere else end it at once.
#
# Seen: "alone: 8 MB", "emulated: 345 MB" (x86_64; the figures vary by some megabytes).
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
chmod 755 "$dir"
apt-get -q download "qemu-user-static=1:7.2*" 'libc6-arm64-cross=2.36-8cross1' 'libgcc-s1-arm64-cross=12.2.0-14cross1' >/dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
npm install --silent --no-save --force --prefix "$dir" \
  @deno/linux-arm64-glibc@2.9.6 @deno/linux-x64-glibc@2.9.6 >/dev/null 2>&1

# shellcheck disable=SC2016 # The dollar is of JavaScript.
look='const [, own] = /RssAnon:\s+(\d+)/.exec(Deno.readTextFileSync("/proc/self/status")); console.log(Math.round(own / 1024));'
printf '%s\n' "$look" >look.js
run() { "$@" run -A --no-config look.js; }

alone=$(run node_modules/@deno/linux-x64-glibc/deno)
emulated=$(run ./usr/bin/qemu-aarch64-static -L usr/aarch64-linux-gnu node_modules/@deno/linux-arm64-glibc/deno)
echo "alone: $alone MB"
echo "emulated: $emulated MB"
[ "$emulated" -gt $((4 * alone)) ] || { echo "changed: an emulated program has about as much memory" >&2 && exit 1; }
