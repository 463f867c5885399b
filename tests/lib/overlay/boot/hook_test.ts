// The words of S6_STAGE2_HOOK.

import { deepEqual } from "node:assert/strict";
import { files } from "../../../../lib/os/file.ts";
import { expanded, hookCommand } from "../../../../lib/overlay/boot/hook.ts";

const ROWS: Readonly<Record<string, string[]>> = {
  "": [],
  " \t\n": [],
  "/opt/hook  a\tb\n": ["/opt/hook", "a", "b"],
  "echo 'a b' $HOME ; true": ["echo", "'a", "b'", "$HOME", ";", "true"],
  "ls /no-such-*": ["ls", "/no-such-*"],
  "ls /et[c] /pr?c": ["ls", "/etc", "/proc"],
};

const CHILD = ["/command/s6-overlay-prepare", "hook"];

for (const [hook, words] of Object.entries(ROWS)) {
  Deno.test(`the hook ${JSON.stringify(hook)} is ${words.length} words`, () => {
    const command = hookCommand(hook);
    const left = hook.includes("/no-such") || hook.includes("/et[c]");
    deepEqual(command.slice(0, 2).join(" ") === CHILD.join(" "), left, "only patterns are for a child");
    deepEqual(expanded(files, left ? command.slice(2) : command), words);
  });
}
