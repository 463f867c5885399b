# What a session of s6-rc stands on: a live tree of our programs, looked at with Debian's.
umask 022
export LC_ALL=C dir=$PWD
mkdir scan fails
s6-rc-compile db src || exit
$BOUND s6-svscan scan >/dev/null 2>&1 &
# shellcheck disable=SC2034 # What the test puts behind this waits for it.
scanner=$!
until s6-svscanctl scan 2>/dev/null; do sleep 0.02; done
s6-rc-init -c "$dir/db" -l "$dir/live" "$dir/scan"

rc() { s6-rc -v2 -l "$dir/live" "$@"; }
# Two changes at once.
together() {
  rc -b -u change "$1" & first=$!
  rc -b -u change "$2"; code=$?
  wait $first && return $code
}
# Runs a command, with its lines sorted: but for what ours alone says, and helpers of the original do.
say() {
  echo "# $1"
  eval "$1" >said 2>&1; code=$?
  grep -E '^(s6-rc: |up |down |reload )' said | grep -v 'because of' | sed "s#$dir#DIR#g" | sort
  echo "= $code"
}
status() { /usr/bin/s6-svstat -o up,wantedup "live/servicedirs/$1"; }
deaths() { /usr/bin/s6-svdt "live/servicedirs/$1" | wc -l; }
# A process gets there by itself; one that does not is told.
await() {
  tries=0
  until test "$(status "$1")" = "$2"; do
    tries=$((tries + 1))
    if test $tries -gt 1000; then echo "never: $1 is $(status "$1"), not $2"; return; fi
    sleep 0.02
  done
}
tell() {
  s6-rc -l "$dir/live" -a list | sort
  echo --
  s6-rc -l "$dir/live" diff >differs; code=$?
  sort differs
  echo "= $code"
}
