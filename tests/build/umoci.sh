# What builders of images without a daemon do: the tarball as a layer over a root directory.
# $1 tarball, $3 root directory, in the end what the image holds.

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
image=$place/image:test
umoci init --layout "$place/image"
umoci new --image "$image"
tar -cf "$place/below.tar" -C "$3" .
gunzip -c "$1" >"$place/ours.tar"
for layer in below ours; do umoci raw add-layer --image "$image" "$place/$layer.tar"; done
umoci unpack --image "$image" "$place/bundle"
rm -rf "$3"
mv "$place/bundle/rootfs" "$3"
