#!/bin/sh
# Deno 2.9.6, the executable of npm's package for Linux on x86-64: in its data there are 234 whole frames of Zstandard, 3.1 MB.
# All but two are the TypeScript compiler and the declarations that it knows; two are executables, the starters of AppImage
# files for x86-64 and for aarch64. Who copies the executable into an image to run plain JavaScript ships both, and no
# compression of the image makes them smaller.
# Seen: "frames: 234, 3109757 bytes; executables: 2".
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-save --prefix "$dir/npm" deno@2.9.6 @deno/linux-x64-glibc@2.9.6 >/dev/null
cat >frames.js <<'JS'
import { readFileSync } from "node:fs";
import { zstdDecompressSync } from "node:zlib";
const bytes = readFileSync(process.argv[2]);
let [frames, size, executables] = [0, 0, 0];
const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) {
  // RFC 8878: a descriptor, then blocks, the last of which says so.
  const descriptor = bytes[at + 4];
  const single = descriptor >> 5 & 1;
  let end = at + 5 + (single ? 0 : 1) + [0, 1, 2, 4][descriptor & 3] + [single, 2, 4, 8][descriptor >> 6];
  for (let last = 0; !last && end + 3 < bytes.length;) {
    const header = bytes.readUIntLE(end, 3);
    last = header & 1;
    end += 3 + ((header >> 1 & 3) === 1 ? 1 : header >> 3);
  }
  try {
    const content = zstdDecompressSync(bytes.subarray(at, end + (descriptor >> 2 & 1) * 4));
    frames++;
    size += end + (descriptor >> 2 & 1) * 4 - at;
    if (content.subarray(0, 4).toString("latin1") === "\x7fELF") executables++;
  } catch {
    continue;
  }
}
console.log(`frames: ${frames}, ${size} bytes; executables: ${executables}`);
JS
said=$("$dir/npm/node_modules/.bin/deno" run -A --no-config frames.js "$dir/npm/node_modules/@deno/linux-x64-glibc/deno")
echo "$said"
[ "$said" = "frames: 234, 3109757 bytes; executables: 2" ]
