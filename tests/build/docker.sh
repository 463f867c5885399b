# Builds an image with docker and unpacks it: a root directory, and over it the tarball by ADD and a directory by COPY.
# $1 tarball, $3 root directory, in the end what the image holds; $4 the directory to copy; $5 is 1 for BuildKit, and 0 for
# the classic builder. The daemon is one of its own, without a network.

place=$(mktemp -d)
export DOCKER_HOST="unix://$place/socket" DOCKER_BUILDKIT="$5"
dockerd --host "$DOCKER_HOST" --data-root "$place/data" --exec-root "$place/run" --pidfile "$place/pid" \
  --bridge=none --iptables=false --ip-masq=false >"$place/log" 2>&1 &
daemon=$!
trap 'kill $daemon; wait $daemon || true; rm -rf "$place"' EXIT
until docker version >/dev/null 2>&1; do
  kill -0 $daemon 2>/dev/null || { cat "$place/log" >&2; exit 1; }
done

mkdir "$place/context"
cp "$1" "$place/context/overlay.tar.gz"
cp -a "$4" "$place/context/root"
tar -C "$3" -c . | docker import - base >/dev/null
printf 'FROM base\nADD overlay.tar.gz /\nCOPY root/ /\nENTRYPOINT ["/init"]\n' >"$place/context/Dockerfile"
docker build --quiet --network none --tag image "$place/context" >/dev/null
docker create image >"$place/container"
rm -rf "$3"
mkdir "$3"
docker export "$(cat "$place/container")" | tar -C "$3" -x
