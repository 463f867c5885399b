#!/usr/bin/env bash
# s6 2.11.3 (Debian 12): root that waits for a service learns nothing of it where another user runs the supervisor. The fifo
# that s6-svwait, s6-svlisten1 and s6-svc -w put into the event directory is made for all to write to (0622), and the
# umask takes that away again: under 022 it is 0600, of root. The supervisor cannot open it, says nothing, and the
# state that was waited for passes unseen. So a wait without -t never ends, although the service is down.
# In a container of another user that is what `docker exec -u 0` and a health check of root come to.
#
# Seen, for a service that has been told to go down: "root waits: 99", "down (signal SIGTERM)", and for the user itself
# "its own user waits: 0".
set -euo pipefail

dir=$(mktemp -d)
chmod 755 "$dir"
supervisor=
end() {
  [ -z "$supervisor" ] || kill "$supervisor" 2>/dev/null || true
  wait
  rm -rf "$dir"
}
trap end EXIT
(
  cd "$dir"
  apt-get -q download s6=2.11.3.2-1 libs6-2.11=2.11.3.2-1 libskarnet2.13=2.13.1.1-1 >/dev/null
  for package in ./*.deb; do dpkg -x "$package" .; done
)
LD_LIBRARY_PATH=$(find "$dir" -name 'lib*.so.*' -printf '%h\n' | sort -u | paste -sd:)
export LD_LIBRARY_PATH
PATH=$(find "$dir" -name 's6-svwait' -printf '%h\n' | head -n 1):$PATH
other() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }

umask 022
mkdir -p "$dir/service"
printf '#!/bin/sh\nexec sleep 1000\n' >"$dir/service/run"
chmod 755 "$dir/service/run"
chown -R 65534:65534 "$dir/service"
other s6-supervise "$dir/service" &
supervisor=$!
until s6-svok "$dir/service"; do sleep 0.02; done
up() { other s6-svc -wu -T 20000 -u "$dir/service"; }
# The one who waits has its fifo there.
listening() { until compgen -G "$dir/service/event/ftrig1:@*" >/dev/null; do sleep 0.02; done; }

up
s6-svwait -d -t 5000 "$dir/service" 2>/dev/null & waiting=$!
listening
s6-svc -d "$dir/service"
root=0
wait $waiting || root=$?
echo "root waits: $root"
state=$(s6-svstat "$dir/service")
echo "${state%%)*})"

up
other s6-svwait -d -t 5000 "$dir/service" & waiting=$!
listening
s6-svc -d "$dir/service"
own=0
wait $waiting || own=$?
echo "its own user waits: $own"
other s6-svc -x "$dir/service"
if [ "$root ${state%%)*} $own" != "99 down (signal SIGTERM 0" ]; then echo "changed" >&2; exit 1; fi
