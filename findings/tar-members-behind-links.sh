#!/bin/sh
# tar 1.34, bsdtar 3.6 (libarchive), npm's tar 7.5: a member bin/NAME, over a root directory whose bin is a link to usr/bin. GNU tar
# writes it to usr/bin; bsdtar and npm's tar refuse it, and end with an error. A member bin that is a directory has GNU tar
# put one in the place of the link. So no tarball can have members below bin that all three take, and one that
# `tar -x -C /usr ./bin` finds is not to be had.
# Seen: GNU tar ends with 0 and bin is a link; bsdtar ends with 1; with the directory GNU tar ends with 0 and bin is none.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
tar --version | head -1
bsdtar --version
mkdir -p from/bin
echo content >from/bin/name
tar -C from -cf member.tar ./bin/name
tar -C from -cf directory.tar ./bin
into() {
  rm -rf root
  mkdir -p root/usr/bin
  ln -s usr/bin root/bin
  result=0
  "$@" 2>/dev/null || result=$?
  if [ -h root/bin ]; then echo "$result link"; else echo "$result no link"; fi
}
gnu=$(into tar -C root -xf member.tar)
bsd=$(into bsdtar -C root -xf member.tar)
replaced=$(into tar -C root -xf directory.tar)
echo "GNU tar: $gnu, bsdtar: $bsd, GNU tar and a directory: $replaced"
[ "$gnu, $bsd, $replaced" = "0 link, 1 link, 0 no link" ]
