#!/usr/bin/env bash
# s6-setsid -f and -g of s6 2.15.1.0 (Debian sid) end with 111 where there is no controlling terminal, with -q too, and run
# nothing. Their manual has the program go on: -q for "silently", without it with a warning. s6 2.11.3.2 (Debian 12) does
# that. A run script that is tried at a terminal, and then runs in a container without one, does not start with the newer.
#
# Seen: "2.11.3.2-1: -f runs the program, -g runs the program, -q -f runs the program"
#       "2.15.1.0-1: -f exits 111, -g exits 111, -q -f exits 111"
set -euo pipefail

dir=$(mktemp -d)
chmod 755 "$dir"
trap 'rm -rf "$dir"' EXIT
cd "$dir"

source=$(sed -nE 's/^(URIs: *|deb( \[[^]]*\])? +)([a-z]+:[^ ]+).*/\3/p' /etc/apt/sources.list.d/debian.sources \
  /etc/apt/sources.list 2>/dev/null | head -n 1) || true
mkdir -p lists/partial archives/partial
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
printf 'deb [signed-by=%s] %s bookworm main\ndeb [signed-by=%s] %s sid main\n' $keyring "$source" $keyring "$source" >sources
apt=(-q -o "Dir::Etc::sourcelist=$dir/sources" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferences=/dev/null
  -o Dir::Etc::preferencesparts=/dev/null -o "Dir::State::lists=$dir/lists" -o "Dir::Cache::archives=$dir/archives"
  -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root)
apt-get "${apt[@]}" update >/dev/null

# unpacked DIRECTORY PACKAGE=VERSION...
unpacked() {
  mkdir "$1" && cd "$1" && shift
  apt-get "${apt[@]}" download "$@" >/dev/null
  for package in ./*.deb; do dpkg-deb -x "$package" .; done
  cd "$dir"
}
unpacked 2.11.3.2-1 s6=2.11.3.2-1 libs6-2.11=2.11.3.2-1 libskarnet2.13=2.13.1.1-1 libc6/bookworm
unpacked 2.15.1.0-1 s6=2.15.1.0-1 libs6-2.15=2.15.1.0-1 libskarnet2.15=2.15.1.0-1 libc6/sid

# outcome VERSION OPTIONS...: in a session of its own, which has no terminal
outcome() {
  loader=$(find "$1" -name 'ld-linux-x86-64.so.2' | head -n 1)
  libraries=$(find "$dir/$1" -name 'lib*.so.*' -printf '%h\n' | sort -u | paste -sd :)
  program=$1/usr/bin/s6-setsid
  shift
  ended=0
  said=$(timeout 20 setsid -w "$loader" --library-path "$libraries" "$program" "$@" /bin/echo runs the program \
    </dev/null 2>/dev/null) || ended=$?
  echo "$* ${said:-exits $ended}"
}

for version in 2.11.3.2-1 2.15.1.0-1; do
  echo "$version: $(outcome $version -f), $(outcome $version -g), $(outcome $version -q -f)"
done | tee seen
diff - seen <<'EXPECTED'
2.11.3.2-1: -f runs the program, -g runs the program, -q -f runs the program
2.15.1.0-1: -f exits 111, -g exits 111, -q -f exits 111
EXPECTED
