# The same with buildah: a root directory, and over it the tarball and a directory, as ADD and COPY do it.
# $1 tarball, $3 root directory, in the end what the image holds; $4 the directory to copy.

place=$(mktemp -d)
own() { buildah --root "$place/data" --runroot "$place/run" --storage-driver vfs "$@"; }
container=
trap '[ -z "$container" ] || own rm "$container" >/dev/null; rm -rf "$place"' EXIT

tar -C "$3" -cf "$place/below.tar" .
container=$(own from scratch)
own add --quiet "$container" "$place/below.tar" /
own add --quiet "$container" "$1" /
own copy --quiet "$container" "$4" /
mounted=$(own mount "$container")
rm -rf "$3"
cp -a "$mounted" "$3"
