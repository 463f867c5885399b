// The project's shell code as shellcheck sees it: scripts, what tests put before others, the steps of workflows, and the
// scripts that the manual shows. What it is wrong about is waived in the line above, with the reason.

import { deepEqual, equal, ok } from "node:assert/strict";
import { fencedBlocks, textOf } from "../surroundings/manual_page.ts";
import { runSteps, withExpressions } from "../surroundings/workflow.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const LEFT_OUT = new Set([".git", "dist", "node_modules"]);

/** Pages show no waivers. */
const WAIVED_OF_PAGES: readonly { readonly page: string; readonly code: string; readonly reason: string }[] = [
  { page: "docs/environment.md", code: "SC2016", reason: "the shell that runs it as nobody expands it" },
  { page: "docs/recipes.md", code: "SC1091", reason: "the file that is read is in Debian's package" },
];

/** As shellcheck calls them; what has no interpreter is run by Debian's sh. */
type Dialect = "bash" | "dash" | "sh";

interface ShellCode {
  /** Where it is, from the root of the project. */
  readonly place: string;
  readonly dialect: Dialect;
  readonly text: string;
}

/** Undefined for what no shell runs. A script may have its shell behind another program, as with-contenv. */
function dialectOf(path: string, text: string): Dialect | undefined {
  const [, shell] = /^#![^\n]*[ /](bash|sh)(?: -\w+)?\n/.exec(text) ?? [];
  if (shell !== undefined) return shell as Dialect;
  return path.endsWith(".sh") ? "dash" : undefined;
}

function shellFiles(directory = ""): ShellCode[] {
  return Array.from(Deno.readDirSync(ROOT + directory)).flatMap(({ name, isFile, isDirectory }): ShellCode[] => {
    if (isDirectory) return LEFT_OUT.has(name) ? [] : shellFiles(`${directory}${name}/`);
    if (!isFile || /\.(?:json|md|svg|ts)$/.test(name)) return [];
    const [place, text] = [directory + name, Deno.readTextFileSync(ROOT + directory + name)];
    const dialect = dialectOf(place, text);
    return dialect === undefined ? [] : [{ place, dialect, text }];
  });
}

function shownScripts(): ShellCode[] {
  const pages = ["README.md", ...Array.from(Deno.readDirSync(`${ROOT}docs`), ({ name }) => `docs/${name}`)];
  return pages.filter((page) => page.endsWith(".md")).flatMap((page) =>
    fencedBlocks(Deno.readTextFileSync(ROOT + page)).flatMap((block) => {
      const dialect = dialectOf("", textOf(block));
      return dialect === undefined ? [] : [{ place: `${page}:${block.line}`, dialect, text: textOf(block) }];
    })
  );
}

/** An expression is a word to the shell. */
function steps(): ShellCode[] {
  return runSteps().map(({ workflow, job, run }, at) => ({
    place: `${workflow}: ${job}: step ${at + 1} of all`,
    dialect: "bash" as const,
    text: withExpressions(run, (expression) => expression.replace(/\W/g, "_")),
  }));
}

/** What shellcheck says, one line each. */
async function faultsOfShell(code: readonly ShellCode[]): Promise<string[]> {
  const directory = await Deno.makeTempDir({ prefix: "shell-" });
  try {
    const faults = await Promise.all((["bash", "dash", "sh"] as const).map(async (dialect) => {
      const files = code.flatMap((each, at) =>
        each.dialect === dialect ? [{ ...each, file: `${directory}/${at}` }] : []
      );
      if (files.length === 0) return [];
      for (const { file, text } of files) await Deno.writeTextFile(file, text);
      const args = ["--norc", "--format=json1", `--shell=${dialect}`, ...files.map(({ file }) => file)];
      const { stdout } = await new Deno.Command("shellcheck", { args }).output();
      const { comments } = JSON.parse(new TextDecoder().decode(stdout)) as { comments: Comment[] };
      return comments.map(({ file, line, code, message }) =>
        `${files.find((each) => each.file === file)!.place}, line ${line}: SC${code}: ${message}`
      );
    }));
    return faults.flat().sort();
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

interface Comment {
  readonly file: string;
  readonly line: number;
  readonly code: number;
  readonly message: string;
}

const FILES = shellFiles();

Deno.test("shellcheck finds nothing in scripts, steps of workflows and scripts that the manual shows", async () => {
  const [shown, ofWorkflows] = [shownScripts(), steps()];
  for (const place of [".ci/run", "tests/build/docker.sh", "examples/quick-start/root/etc/services.d/clock/run"]) {
    ok(FILES.some((each) => each.place === place), place);
  }
  ok(shown.length > 10 && ofWorkflows.length > 10);
  const faults = await faultsOfShell([...FILES, ...shown, ...ofWorkflows]);
  const waiving = faults.map((fault) =>
    WAIVED_OF_PAGES.findIndex(({ page, code }) => fault.startsWith(`${page}:`) && fault.includes(` ${code}: `))
  );
  deepEqual(faults.filter((_, at) => waiving[at] === -1), []);
  deepEqual(WAIVED_OF_PAGES.filter((_, at) => !waiving.includes(at)), []);
});

Deno.test("what is waived has its reason beside it", () => {
  const waived = FILES.flatMap(({ place, text }) =>
    Array.from(text.matchAll(/shellcheck disable=.*/g), ([line]) => ({ place, line }))
  );
  deepEqual(waived.filter(({ line }) => !/^shellcheck disable=SC\d{4} # \S.{15,}\.$/.test(line)), []);
});

Deno.test("a fault is seen, in the dialect of the script", async () => {
  const faulty = (place: string, first: string): ShellCode => {
    const text = `${first}\nlist=(1 2)\necho $list\n`;
    return { place, text, dialect: dialectOf(place, text)! };
  };
  equal(dialectOf("run", "#!/usr/bin/execlineb -P\necho sh\n"), undefined);
  equal(dialectOf("run", "#!/usr/bin/with-contenv sh\n"), "sh");
  const found = await faultsOfShell([
    faulty("a", "#!/bin/sh -e"),
    faulty("b", "#!/usr/bin/env bash"),
    faulty("c.sh", ""),
  ]);
  const dialects = ["SC2086", "SC2128"];
  deepEqual(found.map((line) => / (\w+): /.exec(line.slice(line.indexOf(":")))![1]), [
    ...["SC3030", ...dialects],
    ...dialects,
    ...["SC3030", ...dialects],
  ]);
});
