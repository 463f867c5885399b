#!/usr/bin/env bash
# execline 2.9.3.0 with skalibs 2.13.1.1 and glibc 2.36 (Debian 12): what a chain goes on with and what a block of the same
# chain runs do not get the same signal state. A chain program passes the caller's mask of blocked signals on. A child, of
# foreground here, has an empty mask, and signals 32 and 33 ignored: the C library's posix_spawn(3) leaves the two that it
# uses itself so in every child, and they stay ignored in whatever that child executes.
#
# Seen, for a caller that blocks USR2 and ignores nothing:
#   chained: SigBlk 0000000000000800 SigIgn 0000000000000000
#   a child: SigBlk 0000000000000000 SigIgn 0000000180000000
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
(cd "$dir" && apt-get -q download execline=2.9.3.0-1 libexecline2.9=2.9.3.0-1 libskarnet2.13=2.13.1.1-1 >/dev/null &&
  for package in *.deb; do dpkg -x "$package" .; done)
library=$(dirname "$(find "$dir" -name 'libexecline.so.2.9' | head -n 1)")
execline=$(dirname "$(find "$dir" -name foreground | head -n 1)")
export PATH=$execline:$dir/usr/bin:$dir/bin:$PATH LD_LIBRARY_PATH=$library

# Runs the words with USR2 blocked and every signal at its default.
blocking() {
  perl -e 'use POSIX; $SIG{$_} = "DEFAULT" for grep { $_ !~ /^(KILL|STOP|NUM32|NUM33|RTMIN|CLD|IOT|POLL|UNUSED|ZERO|__.*)$/ } keys %SIG;
    sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGUSR2)); exec @ARGV' "$@"
}
# "SigBlk ... SigIgn ..." of the process that runs grep.
state() {
  tr '\n\t' '  ' | sed 's/:  */ /g; s/ *$//'
}

chained=$(blocking execlineb -Pc 'export A b grep -E SigBlk|SigIgn /proc/self/status' | state)
child=$(blocking execlineb -Pc 'foreground { grep -E SigBlk|SigIgn /proc/self/status } true' | state)
echo "chained: $chained"
echo "a child: $child"
[ "$chained" = "SigBlk 0000000000000800 SigIgn 0000000000000000" ]
[ "$child" = "SigBlk 0000000000000000 SigIgn 0000000180000000" ]
