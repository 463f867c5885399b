#!/usr/bin/env bash
# busybox 1.35.0 (Debian 12): unxz, and so tar -J, unpacks .xz files with windows of up to 64 MiB and without the filters for
# machine code. A good file with a larger window, or with the filter for x86 that makes executables a tenth smaller, is
# "corrupted data" to it: nothing tells that it would need another program. What is packed with a window of 64 MiB, which is
# that of xz -9, it takes. A sender who tunes xz for size loses every Alpine and busybox image, and its users look for a broken
# download.
#
# Seen: "usual: unpacked", "window of 128 MiB: unxz: corrupted data", "filter for x86: unxz: corrupted data"; xz unpacks all.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -q download busybox=1:1.35.0-4+deb12u1+b1 xz-utils=5.4.1-1+deb12u2 liblzma5=5.4.1-1+deb12u2 >/dev/null
for package in ./*.deb; do dpkg -x "$package" .; done
LD_LIBRARY_PATH=$(find "$dir" -name 'lib*.so.*' -printf '%h\n' | sort -u | paste -sd:)
export LD_LIBRARY_PATH
busybox="$dir/bin/busybox" xz="$dir/usr/bin/xz"

cp "$busybox" executable
"$xz" -kc --lzma2=preset=9 executable >usual.xz
"$xz" -kc --lzma2=preset=9,dict=128MiB executable >window.xz
"$xz" -kc --x86 --lzma2=preset=9 executable >filter.xz

unpacked() {
  "$xz" -dc "$1.xz" | cmp - executable
  if "$busybox" unxz -c "$1.xz" 2>errors | cmp -s - executable; then echo unpacked; else head -n 1 errors; fi
}
said="usual: $(unpacked usual)
window of 128 MiB: $(unpacked window)
filter for x86: $(unpacked filter)"
echo "$said"
expected="usual: unpacked
window of 128 MiB: unxz: corrupted data
filter for x86: unxz: corrupted data"
if [ "$said" != "$expected" ]; then echo "changed" >&2; exit 1; fi
