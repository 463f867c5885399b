// The container's environment: stored when it starts, read by with-contenv and for settings each time they are asked,
// and so changed with the files. And the directories that add to the environment of stages 2 and 3.

import { deepEqual, equal, match } from "node:assert/strict";
import { runToEnd, type Setting } from "../surroundings/container.ts";

const STORE = "/var/run/s6/container_environment";
const TRUE = ["/bin/true"];

function sh(...lines: string[]): string {
  return ["#!/bin/sh", ...lines, ""].join("\n");
}

function contenv(...lines: string[]): string {
  return ["#!/usr/bin/with-contenv sh", ...lines, ""].join("\n");
}

function own(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("["));
}

/** Boots by way of a program that runs /init with more words of environment, as printf makes them. */
function withWords(words: readonly string[], setting: Setting): Setting {
  const quoted = words.map((word) => `"$(printf '${word}')"`).join(" ");
  return { ...setting, entrypoint: ["/bin/sh", "-c", `exec env ${quoted} /init "$@"`, "sh"] };
}

Deno.test("a script adds, changes and removes variables for all that comes after it", async () => {
  const show = 'echo "$0: ${ADDED-none} ${CHANGED-none} ${REMOVED-none}"';
  const files = {
    "etc/cont-init.d/01": sh(
      `cd ${STORE}`,
      "printf new >ADDED",
      "printf other >CHANGED",
      "rm REMOVED",
      // As most people would write it.
      "echo 1 >S6_CMD_WAIT_FOR_SERVICES",
      "echo 50 >S6_KILL_FINISH_MAXTIME",
    ),
    "etc/cont-init.d/02": contenv(show, "printcontenv ADDED; printcontenv REMOVED || echo gone"),
    "etc/services.d/work/run": contenv(`${show} >/proc/1/fd/1`, "echo >&3", "exec sleep 1000"),
    "etc/services.d/work/notification-fd": "3\n",
    "etc/cont-finish.d/01": contenv(show, "sleep 1000"),
  };
  const environment = { CHANGED: "as it was", REMOVED: "there" };
  const { stdout, stderr } = await runToEnd({ files, environment, arguments: ["/bin/sh", "-c", show, "command"] });
  equal(stderr, "");
  deepEqual(own(stdout).map((line) => line.replace("/var/run/s6/etc/", "")), [
    "cont-init.d/02: new other none",
    "new",
    "gone",
    "./run: new other none",
    "command: new other none",
    "cont-finish.d/01: new other none",
  ]);
  match(stdout, /^\[cont-finish\.d\] 01: exited 99 \(killed as its time was over\)\.$/m);
});

Deno.test("values of several lines, empty ones and the longest there can be arrive as they are", async () => {
  // The kernel takes strings of 128 KiB, with name, equals sign and the NUL behind it.
  const longest = 128 * 1024 - "LONGEST=".length - 1;
  const lines = "a\n\n b \n";
  const environment = { LINES_: lines, EMPTY: "", LONGEST: "x".repeat(longest) };
  const show = 'printf "%s|%s|%s|%s\\n" "$LINES_" "${EMPTY-unset}" "${#LONGEST}" "$(printf %s "$LONGEST" | tr -d x)"';
  const expected = `${lines}||${longest}|\n`;
  const files = {
    "etc/cont-init.d/01": contenv(
      show,
      `cd ${STORE}; stat -c '%n %s' LINES_ EMPTY LONGEST; printcontenv EMPTY | od -c`,
    ),
    "etc/services.d/work/run": contenv(`{ ${show}; } >/proc/1/fd/1`, "echo >&3", "exec sleep 1000"),
    "etc/services.d/work/notification-fd": "3\n",
  };
  const setting = { files, environment: { ...environment, S6_CMD_WAIT_FOR_SERVICES: "1" } };
  const { stdout, stderr } = await runToEnd({ ...setting, arguments: ["/bin/sh", "-c", show] });
  equal(stderr, "");
  equal(stdout.split(expected).length, 4, stdout);
  match(
    stdout,
    new RegExp(`^LINES_ ${lines.length}\\nEMPTY 0\\nLONGEST ${longest}\\n0000000 +\\\\n\\n0000001\\n`, "m"),
  );
});

Deno.test("names that no shell would make arrive as well", async () => {
  const names = ["with.dots=1", "lower=2", "n\\377m=3", "a-b=4", "BASH_FUNC_f%%%%=5", "9=6", " =7"];
  // A shell would drop them: only programs that are none stand between the container and the one that shows them.
  const show = ["od", "-An", "-v", "-tx1", "/proc/self/environ"];
  const files = { "etc/cont-init.d/01": `#!/usr/bin/execlineb -P\nwith-contenv\n${show.join(" ")}\n` };
  const { stdout, stderr } = await runToEnd(withWords(names, { files, arguments: show }));
  equal(stderr, "");
  const expected = [" =7", "9=6", "BASH_FUNC_f%%=5", "a-b=4", "lower=2", "n\xffm=3", "with.dots=1"];
  // The script's and the command's, one behind the other.
  const bytes = own(stdout).join("").match(/[0-9a-f]{2}/g) ?? [];
  const words = bytes.map((byte) => String.fromCharCode(parseInt(byte, 16))).join("").split("\0");
  const seen = words.filter((word) => /=[1-7]$/.test(word) && !word.startsWith("SHLVL="));
  deepEqual(seen.sort(), [...expected, ...expected].sort());
});

Deno.test("a name that cannot be stored is reported, and the container boots", async () => {
  const long = "L".repeat(256);
  const show = contenv("tr '\\0' '\\n' </proc/self/environ | grep -c =LOST");
  const words = ["a/b=LOST", ".hidden=LOST", `${long}=LOST`];
  const { stdout, stderr } = await runToEnd(
    withWords(words, { files: { "etc/cont-init.d/01": show }, arguments: TRUE }),
  );
  deepEqual(own(stdout), ["0"]);
  deepEqual(
    own(stderr).sort(),
    [".hidden", "a/b", `${"L".repeat(60)}...`].map((name) =>
      `s6-init: warning: with-contenv will not have the variable "${name}": it is no file name`
    ).sort(),
  );
});

Deno.test("directories add to the environment of stages 2 and 3, and the end of stage 2 is noted in one", async () => {
  const show = 'echo "$0: ${IMAGE-none} ${ADDED-none} ${LAST-none} ${S6_STAGE2_EXITED-none} ${GREETING-none}"';
  const files = {
    "etc/s6/init/env-stage2/IMAGE": "of the image",
    "etc/cont-init.d/01": sh(show, "cd /var/run/s6", "printf added >env-stage2/ADDED", "printf last >env-stage3/LAST"),
    "etc/cont-init.d/02": sh(show),
    "etc/services.d/work/run": sh(`${show} >/proc/1/fd/1`, "echo >&3", "exec sleep 1000"),
    "etc/services.d/work/notification-fd": "3\n",
    "etc/cont-finish.d/01": sh(show),
    "etc/cont-finish.d/02": sh("printf 300 >/var/run/s6/env-stage3/S6_STAGE2_EXITED"),
  };
  const environment = { GREETING: "hello", S6_CMD_WAIT_FOR_SERVICES: "1" };
  const { code, stdout, stderr } = await runToEnd({
    files,
    environment,
    arguments: ["/bin/sh", "-c", `${show}; exit 42`, "command"],
  });
  equal(stderr, "");
  deepEqual(own(stdout).map((line) => line.replace("/var/run/s6/etc/", "")), [
    "cont-init.d/01: of the image none none none none",
    "cont-init.d/02: of the image added none none none",
    "./run: none none none none none",
    "command: none none none none hello",
    "cont-finish.d/01: none none last 42 none",
  ]);
  // Signal 44, as the last script has it.
  equal(code, 128 + 44);
});
