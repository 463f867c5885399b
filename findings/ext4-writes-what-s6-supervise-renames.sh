#!/usr/bin/env bash
# ext4 (Linux 6.18) and s6 2.11.3: each change of a service's state goes to the disk at once. s6-supervise writes the
# status into a new file and renames it over the old one, and ext4 starts to write a file back as soon as it replaces
# another by a rename (auto_da_alloc), where all else waits for half a minute and is written once. In a container
# without a tmpfs, where /run is on the image's file system, that is one write to the disk for each s6-svc -u or -d,
# and a rename takes several times as long. A file that takes the place of the old one by an exchange
# (renameat2 with RENAME_EXCHANGE, and the old one is removed then) waits like others.
#
# Seen, by whether filefrag says that blocks are not allocated yet: "renamed to a new name: waits", "renamed over another:
# written", "exchanged with another: waits", "the status, first: waits", "the status, after s6-svc -u: written".
set -euo pipefail

dir=$(mktemp -d)
supervisor=
end() {
  [ -z "$supervisor" ] || kill "$supervisor" 2>/dev/null || true
  wait
  cd /
  umount "$dir/disk" 2>/dev/null || true
  rm -rf "$dir"
}
trap end EXIT
chmod 755 "$dir"
cd "$dir"
apt-get -q download s6=2.11.3.2-1 libs6-2.11=2.11.3.2-1 libskarnet2.13=2.13.1.1-1 e2fsprogs=1.47.0-2+b2 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" .; done
LD_LIBRARY_PATH=$(find "$dir" -name 'lib*.so.*' -printf '%h\n' | sort -u | paste -sd:)
export LD_LIBRARY_PATH
PATH=$(find "$dir" -name s6-svc -printf '%h\n' | head -n 1):$dir/sbin:$dir/usr/sbin:$PATH

truncate -s 32M image
mkfs.ext4 -q -F image
mkdir disk
mount -o loop image disk
cd disk
told() {
  if filefrag -v "$2" | grep -q delalloc; then echo "$1: waits"; else echo "$1: written"; fi
}
exchange() {
  perl -e '($new, $old) = @ARGV; exit(syscall(316, -100, $new, -100, $old, 2) == 0 ? 0 : 1)' "$1" "$2"
  rm "$1"
}

seen=$(
  echo first >new
  mv new file
  told "renamed to a new name" file
  echo second >new
  mv new file
  told "renamed over another" file
  rm file
  echo first >file
  echo second >new
  exchange new file
  told "exchanged with another" file
)
mkdir web
printf '#!/bin/sh\nexec sleep 1000\n' >web/run
chmod 755 web/run
touch web/down
s6-supervise web & supervisor=$!
shows() { timeout 20 sh -c "until [ \"\$(s6-svstat -o up web 2>&1)\" = $1 ]; do sleep 0.02; done"; }
shows false
seen+=$'\n'$(told "the status, first" web/supervise/status)
s6-svc -u web
shows true
seen+=$'\n'$(told "the status, after s6-svc -u" web/supervise/status)
s6-svc -dx web
echo "$seen"
[ "$seen" = "renamed to a new name: waits
renamed over another: written
exchanged with another: waits
the status, first: waits
the status, after s6-svc -u: written" ]
