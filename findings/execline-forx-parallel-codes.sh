#!/usr/bin/env bash
# forx of execline 2.9.9.2 (Debian sid) always exits 0 with -p, whatever -o or -x say. Its manual has it exit 1 where an
# exit code of one of the runs is not among those of -o, or is among those of -x, and execline 2.9.3.0 (Debian 12) does
# that. A script that runs checks in parallel and stops where one fails goes on with the newer one.
#
# Seen: "2.9.3.0-1: -p -o 0 exits 1, -p -x 1 exits 1, -o 0 exits 1"
#       "2.9.9.2-1: -p -o 0 exits 0, -p -x 1 exits 0, -o 0 exits 1"
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
unpacked 2.9.3.0-1 execline=2.9.3.0-1 libexecline2.9=2.9.3.0-1 libskarnet2.13=2.13.1.1-1 libc6/bookworm
unpacked 2.9.9.2-1 execline=2.9.9.2-1 libexecline2.9=2.9.9.2-1 libskarnet2.15=2.15.1.0-1 libc6/sid

# code VERSION OPTIONS...: the exit code of forx over two runs of which one exits 1
code() {
  loader=$(find "$1" -name 'ld-linux-x86-64.so.2' | head -n 1)
  libraries=$(find "$dir/$1" -name 'lib*.so.*' -printf '%h\n' | sort -u | paste -sd :)
  forx=$1/usr/lib/execline/bin/forx
  shift
  ended=0
  # shellcheck disable=SC2016 # forx gives $v to each run.
  "$loader" --library-path "$libraries" "$forx" "$@" v ' 0' ' 1' '' sh -c 'exit $v' || ended=$?
  echo $ended
}

for version in 2.9.3.0-1 2.9.9.2-1; do
  echo "$version: -p -o 0 exits $(code $version -p -o 0), -p -x 1 exits $(code $version -p -x 1), -o 0 exits $(code $version -o 0)"
done | tee seen
diff - seen <<'EXPECTED'
2.9.3.0-1: -p -o 0 exits 1, -p -x 1 exits 1, -o 0 exits 1
2.9.9.2-1: -p -o 0 exits 0, -p -x 1 exits 0, -o 0 exits 1
EXPECTED
