# What a Dockerfile does with the image of a release: COPY --from, for the architecture that it is built for.
# $1 archive of the image, $2 architecture, $3 directory that gets what the image built so holds.

place=$(mktemp -d)
own() { buildah --root "$place/data" --runroot "$place/run" --storage-driver vfs "$@"; }
container=
trap '[ -z "$container" ] || own rm "$container" >/dev/null; rm -rf "$place"' EXIT

overlay=$(own pull --quiet --arch "$2" "oci-archive:$1")
container=$(own from --arch "$2" scratch)
own copy --quiet --from "$overlay" "$container" / /
mounted=$(own mount "$container")
cp -a "$mounted/." "$3"
