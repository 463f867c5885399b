#!/bin/sh
# Deno 2.9.6: `deno test --ignore=FOLDER PATH...` keeps the folder out of the first PATH alone. With the same paths in
# another order its tests run, though the option and the set of paths are the same. A project that has a folder of
# tests apart (these change a limit of the whole process, and the others run in parallel) runs it among the others.
# Seen: "inner" is run in the second order, and not in the first.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-save --prefix "$dir/npm" deno@2.9.6 >/dev/null
deno="$dir/npm/node_modules/.bin/deno"
"$deno" --version | head -1
mkdir -p first second/inner
for name in first second second/inner; do
  echo "Deno.test(\"$name\", () => {});" >"$name/${name##*/}_test.ts"
done

# Prints the names of the tests that run.
names() {
  NO_COLOR=1 "$deno" test --no-check --ignore=second/inner "$@" | sed -n 's/ \.\.\. ok.*//p' | sort | tr '\n' ' '
}

one=$(names second first)
other=$(names first second)
echo "deno test --ignore=second/inner second first: $one"
echo "deno test --ignore=second/inner first second: $other"
[ "$one" = "first second " ]
[ "$other" = "first second second/inner " ]
