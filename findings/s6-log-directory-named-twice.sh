#!/usr/bin/env bash
# s6-log 2.11.3 (Debian 12): a logging script may name one directory twice, say with different selections. Nothing refuses
# it: the lock is the process's own. The second opening takes the first one's `current`, opened a moment ago, for what a
# crash has left, and archives it as unclean, by the name of that moment and with .u behind it. The process goes on writing
# to it under that name. So there is an archived file that grows, whose lines are in no `current`: who follows `current`
# misses all lines of the first selection.
#
# Seen: "archived at the start: 0 bytes", then "current: 4", "archived as unclean: 1 2 3 4".
set -euo pipefail

dir=$(mktemp -d)
chmod 755 "$dir"
trap 'rm -rf "$dir"' EXIT
(
  cd "$dir"
  apt-get -q download s6=2.11.3.2-1 libs6-2.11=2.11.3.2-1 libskarnet2.13=2.13.1.1-1 >/dev/null
  for package in ./*.deb; do dpkg -x "$package" .; done
)
LD_LIBRARY_PATH=$(find "$dir" -name 'lib*.so.*' -printf '%h\n' | sort -u | paste -sd:)
export LD_LIBRARY_PATH
log=$(find "$dir" -name s6-log -type f -perm -100 | head -n 1)

mkfifo "$dir/input"
"$log" s4096 n3 "$dir/logs" - +4 "$dir/logs" <"$dir/input" &
exec 9>"$dir/input"
for _ in $(seq 500); do [ -e "$dir/logs/current" ] && ls "$dir"/logs/@*.u >/dev/null 2>&1 && break; sleep 0.02; done
before=$(cat "$dir"/logs/@*.u | wc -c)
echo "archived at the start: $before bytes"
seq 4 >&9
exec 9>&-
wait $!
current=$(tr '\n' ' ' <"$dir/logs/current")
unclean=$(cat "$dir"/logs/@*.u | tr '\n' ' ')
printf 'current: %s\narchived as unclean: %s\n' "$current" "$unclean"
if [ "$before/$current/$unclean" != "0/4 /1 2 3 4 " ]; then echo "changed" >&2; exit 1; fi
