#!/usr/bin/env bash
# Linux 6.18: /proc/PID/smaps counts a process's own code as Private_Dirty although nobody has ever written to it in
# memory. A page of a file that has not been written back to the disk yet is dirty for each process that maps it, if
# only for reading; once it has been written back, the same page is Private_Clean. On tmpfs it is dirty for good. So what
# is measured as the private memory of a program that has just been installed, or that lies on a tmpfs, is too large by all of
# its code that it has run: for one with 100 MB of it that is more than all the rest. The line Anonymous does not have
# these pages.
#
# Seen, for the code of the statically linked busybox 1.35 that has been copied a moment ago: "copied: clean no, dirty
# yes; anonymous: 0 kB", "written back: clean yes, dirty no; anonymous: 0 kB", and, after sync as before it, "on tmpfs: clean no,
# dirty yes; anonymous: 0 kB".
set -euo pipefail

dir=$(mktemp -d)
child=
end() {
  [ -z "$child" ] || kill "$child" 2>/dev/null || true
  umount "$dir/tmpfs" 2>/dev/null || true
  rm -rf "$dir"
}
trap end EXIT
chmod 755 "$dir"
cd "$dir"
case $(stat -f -c %T .) in
  tmpfs | ramfs) echo "needs a temporary directory on a disk" >&2; exit 1 ;;
esac
apt-get -q download busybox-static=1:1.35.0-4+deb12u1+b1 >/dev/null 2>&1
dpkg -x ./*.deb unpacked
program=$(find unpacked -path '*bin/busybox' -type f)

# What the kernel says of the mapping of this program's code, while it sleeps.
code_of() {
  "$2" sleep 100 & child=$!
  until grep -q ') S ' "/proc/$child/stat"; do sleep 0.02; done
  awk -v what="$1" -v program="$2" '
    /^[0-9a-f]+-[0-9a-f]+ / { code = $2 == "r-xp" && $NF == program }
    code && /^Private_Clean:/ { clean += $2 }
    code && /^Private_Dirty:/ { dirty += $2 }
    code && /^Anonymous:/ { anonymous += $2 }
    END {
      printf "%s: clean %s, dirty %s; anonymous: %d kB\n", what, clean ? "yes" : "no", dirty ? "yes" : "no", anonymous
    }' "/proc/$child/smaps"
  kill "$child"
  wait "$child" 2>/dev/null || true
  child=
}

cp "$program" busybox
seen=$(
  code_of copied "$dir/busybox"
  sync busybox
  code_of "written back" "$dir/busybox"
  mkdir tmpfs
  mount -t tmpfs tmpfs tmpfs
  cp busybox tmpfs/busybox
  sync
  code_of "on tmpfs" "$dir/tmpfs/busybox"
)
echo "$seen"
[ "$seen" = "copied: clean no, dirty yes; anonymous: 0 kB
written back: clean yes, dirty no; anonymous: 0 kB
on tmpfs: clean no, dirty yes; anonymous: 0 kB" ]
