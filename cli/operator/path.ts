// s6-overlay path: where things are in this container, for scripts and people.

import type { ByteString } from "../../lib/bytes.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { STAGE2_EXITED } from "../../lib/overlay/variable_names.ts";
import type { Os } from "../../lib/os/os.ts";
import { invalid } from "../../lib/report.ts";
import type { Subcommand } from "./subcommand.ts";

/** By the words of the command line, with what each is. */
const PLACES: Readonly<Record<string, { readonly path: ByteString; readonly what: string }>> = {
  env: { path: PATHS.containerEnvironment, what: "the container's environment, a file for each variable" },
  exitcode: { path: PATHS.exitCode, what: "where scripts write the container's exit code" },
  logs: { path: PATHS.uncaughtLogs, what: "where the catch-all logger writes" },
  scandir: { path: PATHS.services, what: "the scan directory" },
  state: { path: PATHS.state, what: "the state directory" },
  user: { path: PATHS.userFiles, what: "the user's directories: cont-init.d, services.d and others" },
};

export const path: Subcommand = {
  name: "path",
  usage: "[ env | exitcode | logs | scandir | state | user ]",
  summary: "print where something is in this container",
  options: {},
  exits: {},
  notes: [
    "Without a word it lists all of them.",
    ...Object.entries(PLACES).map(([word, { what }]) => `${word}: ${what}`),
  ],
  least: 0,
  most: 1,
  run: (context, { operands: [word] }) => {
    const { os } = context;
    if (word === undefined) {
      const rows = Object.entries(PLACES).map(([name, { path }]) => `${name.padEnd(8)}  ${placeOf(os, path)}\n`);
      context.print(rows.join(""));
      return 0;
    }
    const place = Object.hasOwn(PLACES, word) ? PLACES[word] : undefined;
    if (place === undefined) throw invalid(`no such place: ${word}; it is one of ${Object.keys(PLACES).join(", ")}`);
    context.print(`${placeOf(os, place.path)}\n`);
    return 0;
  },
};

/** Where /run cannot be written there is no file as generation 3 has it; that of generation 2 counts just as well. */
function placeOf(os: Pick<Os, "actualPath" | "find">, path: ByteString): ByteString {
  const isElsewhere = os.actualPath(PATHS.state) !== PATHS.state && os.find(PATHS.results) === undefined;
  return os.actualPath(path === PATHS.exitCode && isElsewhere ? `${PATHS.stage3}/${STAGE2_EXITED}` : path);
}
