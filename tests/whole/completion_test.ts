// Completion of command lines, as the shells themselves do it with what the built program prints.

import { deepEqual, equal } from "node:assert/strict";
import { forBash } from "../../cli/completion/bash.ts";
import { commandLines } from "../../cli/completion/command_lines.ts";
import { forFish } from "../../cli/completion/fish.ts";
import { type CommandLines, operandsIn, placesIn, shapeOfSubcommand } from "../../cli/completion/operands.ts";
import { SHELLS } from "../../cli/completion/shells.ts";
import { forZsh } from "../../cli/completion/zsh.ts";
import { isInstalled } from "../../scripts/command.ts";
import { runLocal } from "../surroundings/local_program.ts";

Deno.test("the operands are read from a usage line", () => {
  deepEqual(operandsIn("[ -wu | -wU ] [ -T timeout ] [ -abq ] servicedir"), ["servicedir"]);
  deepEqual(operandsIn("[ -E envdir [ -e var ... ] ] [ -r a[/b] ] user logdir dir"), ["user", "logdir", "dir"]);
  deepEqual(operandsIn("[ -n k ] [ file... ]"), ["file..."]);
  deepEqual(operandsIn("[ -q ] [ -- ] script"), ["script"]);
});

Deno.test("the operands of a subcommand are read by place, and what may come again has a place of its own", () => {
  deepEqual(placesIn("[ --no-wait | -t milliseconds ] service... | all"), [["service...", "all"], ["service..."]]);
  deepEqual(placesIn("signal service..."), [["signal"], ["service..."]]);
  deepEqual(placesIn("[ -m ] [ subcommand | program ] | -c shell"), [["subcommand", "program"]]);
  deepEqual(placesIn("[ env | user ]"), [["env", "user"]]);
});

/** A subcommand as there is none yet: a long option takes a value, and an operand is a file. */
const RECORD = shapeOfSubcommand({
  name: "s6-overlay record",
  kind: "utility",
  usage: "[ --since moment | --into root ] file",
  summary: "it isn't there",
  options: [
    { letter: "-since", value: "moment", meaning: "from then on" },
    { letter: "-into", value: "root", meaning: "there" },
  ],
  exits: {},
  notes: [],
});

const known = await commandLines();
const lines: CommandLines = { ...known, subcommands: [...known.subcommands, RECORD] };
const SCRIPTS = { bash: forBash(lines), zsh: forZsh(lines), fish: forFish(lines) };

for (const shell of ["bash", "zsh", "fish"] as const) {
  Deno.test({
    name: `${shell} takes the completion for it`,
    ignore: !isInstalled(shell),
    fn: async () => {
      deepEqual(await runLocal([shell, "-n"], SCRIPTS[shell]), { code: 0, stdout: "", stderr: "" });
      const { code, stdout } = await runLocal(["s6-overlay", "help", "-c", shell]);
      equal(code, 0);
      equal(stdout, await SHELLS[shell](known));
      equal(stdout.includes(" s6-svc "), true);
    },
  });
}

/** What a shell offers for the last of the words, in a directory with some services. */
async function offered(shell: "bash" | "fish", words: readonly string[]): Promise<string[]> {
  const directory = await Deno.makeTempDir();
  try {
    for (const name of ["services/web", "services/worker", "services/.s6-svscan", "here"]) {
      await Deno.mkdir(`${directory}/${name}`, { recursive: true });
    }
    await Deno.writeTextFile(`${directory}/file`, "");
    await Deno.writeTextFile(`${directory}/services/without`, "");
    await Deno.writeTextFile(
      `${directory}/script`,
      SCRIPTS[shell].replaceAll("/var/run/s6/services", `${directory}/services`),
    );
    const line = words.join(" ");
    const ask = shell === "fish" ? `complete -C "${line}" | string replace -r '\\t.*' ''` : `
      COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
      _s6_overlay; printf '%s\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await runLocal([shell, "-c", `source ./script\n${ask}`], "", directory);
    return stdout.replaceAll(`${directory}/`, "").split("\n").filter(Boolean).sort();
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const OFFERS: readonly (readonly [words: string, ...offers: string[]])[] = [
  ["s6-svc -d we", "services/web"],
  ["s6-svc -d ", "here", "services", "services/web", "services/worker"],
  ["s6-svc -T 100 wo", "services/worker"],
  ["s6-svc -dT 100 wo", "services/worker"],
  ["s6-svc -T100 -u -- wo", "services/worker"],
  ["s6-svwait -u services/web wo", "services/worker"],
  ["s6-svscanctl -a se", "services"],
  ["s6-svstat web wo"],
  ["s6-svc -T "],
  ["s6-setuidgid nobod", "nobody"],
  ["s6-instance-maker -u nobod", "nobody"],
  ["s6-setlock fi", "file"],
  ["s6-setuidgid nobody s6-svsta", "s6-svstat"],
  ["s6-envdir he", "here"],
  ["s6-svdt -", "-S", "-n", "-s"],
  ["s6-overlay he", "healthy", "help"],
  ["s6-overlay explain ", "web", "worker"],
  ["s6-overlay healthy web --ready -t 5 wo", "worker"],
  ["s6-overlay help heal", "healthy"],
  ["s6-overlay help s6-svst", "s6-svstat"],
  ["s6-overlay help backt", "backtick"],
  ["s6-overlay help -c ", "bash", "fish", "zsh"],
  ["s6-overlay help s6-svc s6-sv"],
  ["s6-overlay lint ", "here", "services"],
  ["s6-overlay path s", "scandir", "state"],
  ["s6-overlay path u", "user"],
  ["s6-overlay restart --no-wait -- ", "all", "web", "worker"],
  ["s6-overlay signal US", "USR1", "USR2"],
  ["s6-overlay signal HUP w", "web", "worker"],
  ["s6-overlay start a", "all"],
  ["s6-overlay start web ", "web", "worker"],
  ["s6-overlay status -", "--watch", "-j"],
  ["s6-overlay status web --w", "--watch"],
  ["s6-overlay timeline --svg -o fi", "file"],
  ["s6-overlay version "],
  ["s6-overlay nope "],
  ["s6-overlay record --", "--into", "--since"],
  ["s6-overlay record --into ", "here", "services"],
  ["s6-overlay record --since now fi", "file"],
];

/** What fish says of a directory, and of a command that there is. */
function asInBash(offer: string): string {
  return offer.replace(/\/$/, "");
}

for (const shell of ["bash", "fish"] as const) {
  Deno.test({
    name: `${shell} completes options, subcommands, services and other operands`,
    ignore: !isInstalled(shell),
    fn: async () => {
      for (const [line, ...offers] of OFFERS) {
        const found = (await offered(shell, line.split(" "))).map(asInBash);
        deepEqual([line, ...found], [line, ...offers]);
      }
    },
  });
}

Deno.test("bash completes the command behind a program that goes on with one", async () => {
  // As the package bash-completion has it.
  const stub = '_command_offset() { COMPREPLY=("from $1"); }';
  const script =
    `${SCRIPTS.bash}\n${stub}\nCOMP_WORDS=(s6-setlock -n file s6-svc -d ''); COMP_CWORD=5\n_s6_overlay; echo "$COMPREPLY"`;
  equal((await runLocal(["bash"], script)).stdout, "from 3\n");
});

Deno.test({
  name: "zsh completes behind a subcommand what that subcommand takes",
  ignore: !isInstalled("zsh"),
  fn: async () => {
    // As zsh has them while it completes.
    const stubs = 'compdef() { }\n_arguments() { print -r -- "$words, $CURRENT: ${@[-1]}" }';
    const script = `${stubs}\n${SCRIPTS.zsh}\nservice=s6-overlay`;
    const asked = "words=(s6-overlay); CURRENT=2; _s6_overlay\nwords=(s6-overlay logs -f w); CURRENT=4; _s6_overlay";
    const { stdout } = await runLocal(["zsh", "-f"], `${script}\n${asked}\n`);
    equal(stdout, "s6-overlay, 2: *:none:\nlogs -f w, 3: *:service:_s6_overlay_services\n");
  },
});
