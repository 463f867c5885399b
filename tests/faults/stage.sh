# What the script of a fault stands on. Before it: OURS is the directory of our programs. "never" is told of what was
# waited for in vain, and ends the script.

PATH=$OURS:$PATH
ulimit -c 0
: >errors

shortly() {
  count=0
  until "$@"; do
    count=$((count + 1))
    if [ $count = 1500 ]; then
      echo "never: $*"
      for name in scan/*; do echo "$name: $(s6-svstat "$name"), events $(cat "$name/events")"; done
      exit 1
    fi
    sleep 0.02
  done
}

# A listener that is there before the supervisor is.
listen() {
  mkdir -p "$1/event"
  chmod 3730 "$1/event"
  mkfifo "$1/event/ftrig1:@40000000000000000000000a:abcdef"
  exec 5<>"$1/event/ftrig1:@40000000000000000000000a:abcdef"
  cat <&5 >"$1/events" 5>&- &
  exec 5>&-
}

begin() {
  for name in scan/*; do listen "$name"; done
  env --default-signal=INT,QUIT s6-svscan scan 2>>errors &
  scanner=$!
}
end() { s6-svscanctl -t scan; wait "$scanner"; echo "scanner $?"; }

contains() {
  content=
  IFS= read -r content <"$1"
  [ "$content" = "$2" ]
}
events() { shortly contains "scan/$1/events" "$2"; }
told() { [ "$(tr -d '\n' <"$1")" = "$2" ]; }

# Asked of Debian's, which is quicker; the pid is told by the service itself.
is() { [ "$(/usr/bin/s6-svstat -o "$1" "scan/$2" 2>/dev/null)" = "$3" ]; }
shows() { shortly is "$1" "$2" "$3"; echo "$2: $1 $3"; }
pid() { /usr/bin/s6-svstat -o pid "scan/$1"; }
gone() { [ ! -e "/proc/$1/exe" ]; }
errs() { shortly grep -q "$1" errors; }
