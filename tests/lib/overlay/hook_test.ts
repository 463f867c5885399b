// The words of S6_STAGE2_HOOK.

import { deepEqual } from "node:assert/strict";
import { files } from "../../../lib/os/file.ts";
import { hookWords } from "../../../lib/overlay/hook.ts";

const ROWS: Readonly<Record<string, string[]>> = {
  "": [],
  " \t\n": [],
  "/opt/hook  a\tb\n": ["/opt/hook", "a", "b"],
  "echo 'a b' $HOME ; true": ["echo", "'a", "b'", "$HOME", ";", "true"],
  "ls /no-such-*": ["ls", "/no-such-*"],
  "ls /et[c] /pr?c": ["ls", "/etc", "/proc"],
};

for (const [hook, words] of Object.entries(ROWS)) {
  Deno.test(`the hook ${JSON.stringify(hook)} is ${words.length} words`, () =>
    deepEqual(hookWords(files, hook), words));
}
