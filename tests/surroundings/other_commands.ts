// Command lines of programs that are not ours, held against what these say of themselves.

import { output } from "../../scripts/command.ts";

type Words = readonly string[];

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);

/** Their help tells their options. */
const HELPFUL: ReadonlySet<string> = new Set([
  "cat",
  "chmod",
  "chown",
  "ln",
  "ls",
  "mkdir",
  "mv",
  "sha256sum",
  "tail",
  "tar",
]);

/** The help of each of their subcommands tells its options. */
const ENGINES: ReadonlySet<string> = new Set(["buildah", "docker", "podman"]);

/** Of a shell, or of every image; what pages show behind them is theirs. */
const PLAIN: ReadonlySet<string> = new Set(["echo", "eval", "python3", "sh", "sleep", "true"]);

/** Programs that cannot be asked, and why. */
export const UNASKED: Readonly<Record<string, string>> = {
  gh: "Debian has no release of it that verifies attestations",
  kubectl: "it is of another project, and no Debian package of the set-up",
  "mariadb-admin": "tests bring the server of MariaDB, and not its client",
  "redis-cli": "it has no option that tells its commands",
  rsync: "no test copies with it",
  skopeo: "no test copies images between registries",
  tini: "the set-up brings it for benchmarks only",
  supervisorctl: "the set-up brings it for benchmarks only",
};

export function isOther(word: string): boolean {
  return [HELPFUL, ENGINES, PLAIN].some((programs) => programs.has(word)) ||
    [UNASKED, SPECIAL].some((programs) => Object.hasOwn(programs, word));
}

/** What is wrong with it; nothing for a program that cannot be asked. */
export async function faultsOfOther([name, ...words]: Words): Promise<string[]> {
  if (PLAIN.has(name!) || Object.hasOwn(UNASKED, name!)) return [];
  if (Object.hasOwn(SPECIAL, name!)) return await SPECIAL[name!]!(words);
  const asked = ENGINES.has(name!) ? [name!, ...words.slice(0, 1)] : [name!];
  const help = await helpOf(asked);
  const given = name === "tar"
    ? words.map((word, at) => at === 0 && /^[a-z]+$/i.test(word) ? `-${word}` : word)
    : words;
  return optionWords(given).filter((option) => !tells(help, option)).map((option) =>
    `${asked.join(" ")} has no ${option}`
  );
}

/** Words that are options, without the values behind "=". */
export function optionWords(words: Words): string[] {
  const end = words.indexOf("--");
  return words.slice(0, end < 0 ? undefined : end).filter((word) => /^-[^-]|^--./.test(word)).map((word) =>
    word.replace(/=.*/, "")
  );
}

const told = new Map<string, Promise<string>>();

/** What a program says of itself, asked once. */
export function helpOf(words: Words): Promise<string> {
  const key = words.join(" ");
  const help = told.get(key) ?? output([...words, "--help"]).then((text) => {
    // Asked for a subcommand that it does not have, it tells of those that it has.
    if (words.length > 1 && !text.includes(key)) throw new Error(`there is no ${key}`);
    return text;
  });
  told.set(key, help);
  return help;
}

/** Whether the help has the option, or each letter of a bundle of options. */
export function tells(help: string, option: string): boolean {
  const has = (one: string): boolean => new RegExp(`(?<![\\w-])${one}(?![\\w-])`).test(help);
  return has(option) || /^-[a-zA-Z]{2,}$/.test(option) && [...option.slice(1)].every((letter) => has(`-${letter}`));
}

/** Those whose words have another form. */
const SPECIAL: Readonly<Record<string, (words: Words) => string[] | Promise<string[]>>> = {
  deno: ([first, ...words]) => first === "task" ? faultsOfTask(words) : [`deno ${first} is not checked`],
  kill: async (words) => {
    const names = (await output(["/bin/sh", "-c", "kill -l"])).split(/\s+/);
    return optionWords(words).filter((option) => !names.includes(option.slice(1))).map((option) =>
      `kill has no ${option}`
    );
  },
  man: ([option, path]) =>
    option === "-l" && (path === "-" || isFile(ROOT + path)) ? [] : [`man -l cannot show ${path}`],
  npx: async ([yes, program, ...words]) => {
    const version = /deno@\S+/.exec(await Deno.readTextFile(`${ROOT}.ci/run`))?.[0].replace(")", "");
    if (yes !== "-y" || program !== version) return [`npx runs ${program} where CI has ${version}`];
    return await SPECIAL["deno"]!(words);
  },
  task: faultsOfTask,
};

async function faultsOfTask([task, ...words]: Words): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  if (!Object.hasOwn(tasks, task!)) return [`there is no task ${task}`];
  const sections = task === "bench" ? words.filter((word) => !/^(?:[0-9]+|SECTION)$/.test(word)) : [];
  const bench = await Deno.readTextFile(`${ROOT}scripts/bench/main.ts`);
  return sections.filter((section) => !bench.includes(`\n  "${section}": `)).map((section) =>
    `bench has no ${section}`
  );
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
