# What the script of a session stands on. There are, from the test: links A and B to the two sets of tools, and begin(),
# which starts the supervisor. Everything is told on standard output; "never" is told of what was waited for in vain.

THEIRS=/usr/bin
ulimit -c 0
home=$PWD

# Tools of either set. The code is told.
a() { use A "$@"; }
b() { use B "$@"; }
use() {
  program=$1/$2
  shift
  echo "> $*"
  shift
  case $program in
    # From 2.15 on it prints all events that it has heard, where older ones print the last.
    */s6-ftrig-listen1) told=$("$program" "$@" 2>>errors); code=$?; echo "$told" | sed 's/.*\(.\)$/\1/' ;;
    *) "$program" "$@" 2>>errors; code=$? ;;
  esac
  ended "${program##*/}" $code
}
# s6-svc exits 102 from 2.14 on where older ones exit 100.
ended() { if [ "$1 $2" = "s6-svc 102" ]; then echo "= 100"; else echo "= $2"; fi; }

until_true() {
  count=0
  until "$@"; do
    count=$((count + 1))
    if [ $count = 1500 ]; then echo "never: $*"; return 1; fi
    sleep 0.02
  done
}

# A listener that is there before the supervisor is.
listen() {
  mkdir -p "$1/event"
  chmod 3730 "$1/event"
  fifo=$1/event/ftrig1:@40000000000000000000000a:abcdef
  mkfifo "$fifo"
  exec 5<>"$fifo"
  cat <&5 >"$1/events" 5>&- &
  exec 5>&-
}

# The session ends where something does not come.
shortly() { until_true "$@" || exit 1; }

contains() {
  content=
  IFS= read -r content <"$1"
  [ "$content" = "$2" ]
}

state() { $THEIRS/s6-svstat -o up,wantedup,normallyup,ready,paused "$1" 2>/dev/null; }

is_settled() {
  [ "$3" != - ] || ! $THEIRS/s6-svok "$1" || return 1
  contains "$1/events" "$2" && { [ "$3" = - ] || [ "$(state "$1")" = "$3" ]; }
}

# Waits until a service has sent the events and has the status.
settled() {
  until_true is_settled "$1" "$2" "$3" || { echo "it has $(cat "$1/events"), $(state "$1")"; exit 1; }
  echo "$1: $3, events $2"
}

# Waits until the run script that lives now has set its traps.
is_awake() { [ "$(cat "$1/awake" 2>/dev/null)" = "$($THEIRS/s6-svstat -o pid "$1" 2>/dev/null)" ]; }
awake() { shortly is_awake "$1"; }

has_noted() { contains "$1/heard" "$2"; }
has_logged() { [ "$(cat "$1/logged" 2>/dev/null)" = "$2" ]; }

has_gone() { [ ! -e "/proc/$1/exe" ]; }

# The service runs without a supervisor.
kill_orphan() {
  orphan=$(cat "$1/awake")
  kill -9 "$orphan"
  shortly has_gone "$orphan"
}

deaths() { sed 's/^@[0-9a-f]* //'; }

# Everything that can be seen of a service in the end.
tell() {
  echo "--- $1"
  cd "$1" || exit
  stat -c '%n %a %F' supervise supervise/* event
  stat -c '%n %s' supervise/status
  od -An -tu1 -j32 supervise/status
  od -An -v -tu1 -w14 supervise/death_tally | awk '{ print $13, $14 }'
  for file in heard finished logged; do [ ! -e $file ] || { echo "$file:"; cat $file; }; done
  # The original's s6-svunlink listens by way of the link, and cannot remove its fifo when that is gone.
  [ "$1" = pool/spare ] || find event/ -mindepth 1 | wc -l
  cd "$home" || exit
}
