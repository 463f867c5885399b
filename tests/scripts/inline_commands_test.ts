// Commands that the manual shows in its lines, in prose and in tables: each is taken by the program that it names, and code
// of more than one word that is no command is of a known kind, or in a list with its reason.

import { deepEqual, ok } from "node:assert/strict";
import { completeArchives, SMALL_ARCHIVES } from "../../scripts/release/archives.ts";
import { inlineSpans, simpleCommands } from "../surroundings/inline_code.ts";
import { faultsOfSpan, manualSpans, NO_COMMAND } from "../surroundings/inline_commands.ts";
import { UNASKED } from "../surroundings/other_commands.ts";

const SPANS = manualSpans();
const COMMANDS = SPANS.filter(({ text }) => text.includes(" "));

/** Code of several words that is no command. */
const KINDS: readonly { readonly form: RegExp; readonly kind: string }[] = [
  { form: /^(?:\[[\w.-]+\] |[\w.-]+: (?:info: )?)/, kind: "a line that a program prints, or one of a YAML file" },
  { form: /^"[\w. -]+"(?: \| "[\w. -]+")+(?: \| null)?$/, kind: "the words that a field of JSON may have" },
  { form: /^\w+ \| null$/, kind: "the type of a field of JSON" },
];

/** What cannot be checked, and why. */
const LEFT: readonly { readonly text: string; readonly reason: string }[] = [
  { text: "--rewrite 15:3", reason: "an option of dumb-init, which the set-up brings for benchmarks only" },
  {
    text: "docker buildx build --build-context s6-overlay=oci-layout://DIRECTORY:0.1.0 .",
    reason: "buildx is not with Debian's docker; tests/build/image.sh copies from that layout with buildah",
  },
  { text: "--uidmap 0:100000:65536", reason: "an option of podman run, with which tests/engines starts a container" },
  { text: "./bin: not found in archive", reason: "a line of tar: tests/build/extraction_test.ts reads it" },
  { text: "exited 265 (killed by signal 9)", reason: "a part of a line of the original's" },
  { text: "unable to take locks", reason: "a part of a message" },
  { text: "Last State", reason: "a heading in what kubectl prints" },
];

Deno.test("every command in a line of the manual is one that its program takes", async () => {
  ok(COMMANDS.length > 500);
  const left = LEFT.map(({ text }) => text);
  const faults = await Promise.all(
    COMMANDS.filter(({ text }) => !left.includes(text)).map(async (span) => {
      const found = await faultsOfSpan(span).catch((error) => [error.message]);
      const isOfKind = found.includes(NO_COMMAND) && KINDS.some(({ form }) => form.test(span.text));
      return isOfKind ? [] : found.map((fault) => `${span.page}:${span.line}: ${span.text}: ${fault}`);
    }),
  );
  deepEqual(faults.flat(), []);
});

Deno.test("what is left unchecked is few, each with its reason, and still in the manual", () => {
  ok(LEFT.length < 8 && LEFT.every(({ reason }) => reason.length > 15));
  deepEqual(LEFT.filter(({ text }) => !COMMANDS.some((span) => span.text === text)), []);
  deepEqual(KINDS.filter(({ form }) => !COMMANDS.some(({ text }) => form.test(text))), []);
  const words = COMMANDS.flatMap(({ text }) => simpleCommands(text).flat().join(" ").split(/[^\w-]+/));
  deepEqual(Object.keys(UNASKED).filter((program) => !words.includes(program)), []);
});

Deno.test("archives that the manual names are files of a release", () => {
  const names = new Set([
    ...(["amd64", "aarch64"] as const).flatMap(completeArchives),
    ...Object.keys(SMALL_ARCHIVES).map((name) => `${name}.tar.xz`),
    "s6-overlay-oci.tar",
  ]);
  const named = SPANS.flatMap(({ page, text }) =>
    Array.from(
      text.matchAll(/(?<![\w-])(?:s6|syslogd)-overlay-[a-z0-9_-]+\.tar(?:\.[a-z]+)?/g),
      ([name]) => `${page}: ${name}`,
    )
  );
  ok(named.length > 10);
  deepEqual(named.filter((each) => !names.has(each.slice(each.indexOf(" ") + 1))), []);
});

/** Each is false, and the word that must be seen. */
const FALSE: readonly (readonly [text: string, word: string])[] = [
  ["s6-svcc -d web", "no command"],
  ["s6-svc -Z web", "-Z"],
  ["s6-overlay statuss", "statuss"],
  ["s6-overlay status --every", "--every"],
  ["s6-overlay lint / /etc", "/etc"],
  ["statuss -j", "no command"],
  ["docker run --nothing", "--nothing"],
  ["docker exec example s6-overlay explian", "explian"],
  ["docker exec --nothing example s6-overlay explain", "--nothing"],
  ["podman biuld", "podman biuld"],
  ["mkdir -p /www && chmod --nothing /www", "--nothing"],
  ["tar xzfQ archive", "-xzfQ"],
  ["kill -NONE 1", "-NONE"],
  ["deno task nothing", "nothing"],
  ["task bench nothing", "nothing"],
  ["npx -y deno@1.0.0 task build", "deno@1.0.0"],
  ["man -l docs/man/nothing.1", "nothing.1"],
  ["s6-setuidgid nobody s6-svc -Z x", "-Z"],
  ["with-contenv nothing", "no command"],
  ['S6_SIGNAL_HUP="relaod web"', "relaod"],
  ["S6_KILL_GRACETIM=1 /init", "S6_KILL_GRACETIM"],
  ["#!/usr/bin/with-contenv nothing", "no command"],
  ["#!/usr/bin/with-contenvs sh", "no command"],
  ["RUN s6-overlay lintt /", "lintt"],
  ['HEALTHCHECK CMD ["s6-overlay", "healty"]', "healty"],
  ["COPY --form=base / /", "--form"],
  ["-Z nothing", "-Z"],
  ['eval "$(s6-overlay help -q bash)"', "-q"],
];

Deno.test("a command that is false is seen, whatever it is of", async () => {
  const missed = await Promise.all(FALSE.map(async ([text, word]) => {
    const [span] = inlineSpans("a.md", `\`${text}\`, and \`s6-svc\`\n`);
    const faults = await faultsOfSpan(span!).catch((error) => [error.message]);
    return faults.some((fault) => fault.includes(word)) ? [] : [{ text, faults }];
  }));
  deepEqual(missed.flat(), []);
});

Deno.test("code in a cell has the line of its row, and the heading's other code beside it", () => {
  const text = "# A\n\n`x`\n\n## B\n\n| a | b |\n| - | - |\n| `c d` | e \\`f\\` `g \\| h` |\n";
  deepEqual(inlineSpans("a.md", text).map(({ line, text, section }) => [line, text, section]), [
    [3, "x", ["x"]],
    [9, "c d", ["c d", "g | h"]],
    [9, "g | h", ["c d", "g | h"]],
  ]);
});

Deno.test("commands are told apart as a shell does", () => {
  deepEqual(simpleCommands(`A=1 b 'c d' "e f" 2>&1 | g <h && i --j="k" ; eval "$(l m)"`), [
    ["A=1", "b", "c d", "e f"],
    ["g"],
    ["i", "--j=k"],
    ["eval", "$(l m)"],
    ["l", "m"],
  ]);
  deepEqual(simpleCommands("while sleep 1; do ...; done"), [["sleep", "1"]]);
});
