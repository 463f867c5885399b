// The service directories of a database: copies of what definitions of longruns hold and supervisors know, and those of
// s6-rc's own services. Follows s6-rc-compile.

import type { ByteString } from "../bytes.ts";
import { type CopyPorts, copyTree } from "../copy.ts";
import type { FileStatus, Os } from "../os/os.ts";
import { about, Failure } from "../report.ts";
import { type DatabaseWriting, writeText } from "./database_directory.ts";
import type { Graph, Longrun } from "./graph.ts";
import { type GeneratedFile, type GeneratedFiles, pipedProgram } from "./internal_services.ts";
import type { DefinitionPorts } from "./definition_file.ts";
import { longrunNumbers } from "./longrun_numbers.ts";
import type { Progress } from "./progress.ts";

export type ServiceDirectoryPorts =
  & CopyPorts
  & DatabaseWriting
  & Pick<Os, "read" | "find" | "stat" | "makeDirectory" | "symlink" | "chmod" | "mayRead" | "listDirectory" | "close">
  & Pick<DefinitionPorts, "lacks">;

/** Files that hold a word. */
const TEXTS = ["down-signal", "reload-signal"] as const;
/** Files that count by being there. */
const FLAGS = ["flag-timeout-killpg", "flag-newpidns", "essential"] as const;
/** Trees, and the directories that come with them. */
const TREES = { template: ["instances", "instance"], data: [], env: [] } as const;

/** Writes a service directory of s6-rc itself, with the directories in between. */
export function writeGenerated(os: ServiceDirectoryPorts, directory: ByteString, files: GeneratedFiles): void {
  const made = new Set<ByteString>();
  const make = (path: ByteString): void => {
    if (made.has(path)) return;
    if (path !== directory) make(path.slice(0, path.lastIndexOf("/")));
    os.makeDirectory(path, 0o755);
    made.add(path);
  };
  for (const [name, generated] of Object.entries(files)) {
    const path = `${directory}/${name}`;
    make(path.slice(0, path.lastIndexOf("/")));
    writeOne(os, path, generated);
  }
}

function writeOne(os: ServiceDirectoryPorts, path: ByteString, generated: GeneratedFile): void {
  if (generated.kind === "link") return os.symlink(generated.to, path);
  writeText(os, path, generated.text);
  if (generated.kind === "program") os.chmod(path, 0o755);
}

/** Copies what the definition of a longrun holds into a new service directory. */
export function writeServiceDirectory(
  os: ServiceDirectoryPorts,
  { services }: Graph,
  longrun: Longrun,
  from: ByteString,
  to: ByteString,
  progress: Progress,
): void {
  os.makeDirectory(to, 0o755);
  const consumer = longrun.consumer === undefined ? undefined : services[longrun.consumer]!.name;
  for (const name of ["finish", "run"]) {
    if (name === "finish" && (os.lacks?.(`${from}/finish`) || !os.mayRead(`${from}/finish`))) continue;
    const isPiped = consumer !== undefined || longrun.producers.length > 0;
    const own = isPiped ? `${name}.user` : name;
    if (isPiped) writeOne(os, `${to}/${name}`, pipedProgram(longrun, consumer, own));
    copyFile(os, `${from}/${name}`, `${to}/${own}`, 0o755);
  }
  for (const [name, number] of longrunNumbers(os, longrun.name, from, progress)) {
    writeText(os, `${to}/${name}`, `${number}\n`);
    os.chmod(`${to}/${name}`, 0o644);
  }
  const found = (name: string): FileStatus | undefined =>
    os.lacks?.(`${from}/${name}`) ? undefined : os.find(`${from}/${name}`);
  for (const name of TEXTS) {
    if (found(name)?.kind === "file") copyFile(os, `${from}/${name}`, `${to}/${name}`, 0o644);
  }
  for (const name of FLAGS) if (found(name) !== undefined) writeText(os, `${to}/${name}`, "");
  for (const [name, more] of Object.entries(TREES)) {
    if (copyDirectory(os, `${from}/${name}`, `${to}/${name}`)) {
      for (const directory of more) os.makeDirectory(`${to}/${directory}`, 0o755);
    }
  }
}

function copyFile(os: ServiceDirectoryPorts, from: ByteString, to: ByteString, mode: number): void {
  about("copy", `${from} to ${to}`, () => {
    const source = os.open(from, ["read", "nonblocking"]);
    try {
      const target = os.open(to, ["write", "create", "truncate"], mode);
      try {
        const buffer = new Uint8Array(65536);
        for (let got = os.read(source, buffer); got > 0; got = os.read(source, buffer)) {
          os.writeAll(target, buffer.subarray(0, got));
        }
        os.fchmod(target, mode);
      } finally {
        os.close(target);
      }
    } finally {
      os.close(source);
    }
  });
}

/** @returns false if there is no such directory */
function copyDirectory(os: ServiceDirectoryPorts, from: ByteString, to: ByteString): boolean {
  const status = os.lacks?.(from) ? undefined : about("stat", from, () => os.find(from));
  if (status === undefined) return false;
  if (status.kind !== "directory") throw new Failure(1, `${from} is not a directory`);
  about("recursively copy", `${from} to ${to}`, () => copyTree(os, from, to));
  return true;
}
