// The table of a service directory's files has all that the code reads.

import { deepEqual, equal } from "node:assert/strict";
import { SERVICE_FILES } from "../../scripts/service_directory.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const LISTED = new Set(SERVICE_FILES.map(({ file }) => file.replace(/\/$/, "")));

/** Where names of such files stand, and what they are in the code. */
const NAMES: Readonly<Record<string, RegExp>> = {
  "lib/supervise/service_dir.ts": /this\.(?:number|has|signal|firstLine)\("([^"]+)"/g,
  "lib/rc/longrun_numbers.ts": /"([a-z]+-[a-z-]+)"/g,
  "lib/rc/service_directories.ts": /(?<=const (?:TEXTS|FLAGS) .*)"([^"]+)"/g,
  "lib/rc/source.ts": /(?:readNames|readNameList|readScript|readTimeout|single|hasDefinitionFile)\([^"\n]*"([^"]+)"/g,
};

for (const [path, name] of Object.entries(NAMES)) {
  Deno.test(`each file that ${path} reads is in docs/service-directory.md`, async () => {
    const text = await Deno.readTextFile(ROOT + path);
    const names = Array.from(text.matchAll(name), ([, file]) => file!);
    equal(names.length > 1, true, "names were found");
    deepEqual(names.filter((file) => !LISTED.has(file)), []);
  });
}

Deno.test("no file is listed twice for one kind of service", () => {
  const keys = SERVICE_FILES.flatMap(({ file, place }) => place.split(", ").map((kind) => `${kind} ${file}`));
  deepEqual(keys.filter((key, at) => keys.indexOf(key) !== at), []);
});
