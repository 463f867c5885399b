// Looking at the file that a service starts, and at what it needs to be executed. It is read from outside of process 1,
// in portions, and nothing is read that is not a regular file.

import type { ByteString } from "../../bytes.ts";
import { ELF_HEAD_SIZE, parseElf, runsOn } from "../../image/elf.ts";
import { readHead } from "../../image/search.ts";
import { parseShebang, type Shebang, wordsOfEnv } from "../../image/shebang.ts";
import { mountAbove, type MountEntry, parseMountTable } from "../../mount_table.ts";
import type { Door, FileStatus, Os } from "../../os/os.ts";
import { unlessRefused } from "../../report.ts";
import type { ProgramFile, RunFile } from "./facts.ts";

export type ProgramOs =
  & Pick<Os, "lstat" | "find" | "readLink" | "mayExecute" | "open" | "read" | "close" | "readFile" | "credentials">
  & { readonly door: Pick<Door, "pathOf"> };

const WITH_CONTENV = /\/with-contenv$/;

export class ProgramInspector {
  private mounts: readonly MountEntry[] | undefined;
  private machine: string | undefined;

  /** @param searchPath where with-contenv and env look for what they start */
  constructor(private readonly os: ProgramOs, private readonly searchPath: ByteString) {}

  /** The file run of a service directory; undefined where it is not for us to look at. */
  runOf(directory: ByteString): RunFile | undefined {
    return this.programAt(`${directory}/run`);
  }

  /** The same of any file that is executed. */
  programAt(path: ByteString): RunFile | undefined {
    const program = this.inspect(path);
    if (program === undefined) return undefined;
    const shebang = parseShebang(program.head);
    // A name with the line ends of another system is no name.
    const named = shebang?.interpreter.endsWith("\r") ? undefined : shebang;
    return {
      ...program,
      interpreter: named && this.inspect(named.interpreter),
      lookedUp: named && this.lookedUp(named),
    };
  }

  private inspect(path: ByteString): ProgramFile | undefined {
    const { os } = this;
    const itself = unlessRefused(() => os.lstat(path));
    if (itself === undefined) return this.isUnknown(path) ? undefined : absent(path);
    // Root follows no link that others made.
    if (itself.kind === "link" && itself.uid !== 0 && itself.uid !== os.credentials().uid) return undefined;
    const status = unlessRefused(() => os.find(path));
    if (status === undefined) return { ...absent(path), leadsTo: unlessRefused(() => os.readLink(path)) };
    const head = status.kind === "file" ? unlessRefused(() => readHead(os, path, ELF_HEAD_SIZE)) ?? "" : "";
    return { ...this.judged(path, status, head), ...this.needs(head) };
  }

  private judged(
    path: ByteString,
    { kind, mode, uid, size }: FileStatus,
    head: ByteString,
  ): Omit<ProgramFile, "missingLoader" | "foreignMachine"> {
    const { uid: own } = this.os.credentials();
    // Only root is like process 1 in what it may execute.
    const mayExecute = (mode & 0o111) !== 0 && (own !== 0 || (unlessRefused(() => this.os.mayExecute(path)) ?? true));
    return { path, kind, leadsTo: undefined, mode, uid, size, mayExecute, head, noexec: this.noexecAt(path) };
  }

  private needs(head: ByteString): Pick<ProgramFile, "missingLoader" | "foreignMachine"> {
    const elf = parseElf(head);
    if (elf === undefined) return { missingLoader: undefined, foreignMachine: undefined };
    const { loader, machine } = elf;
    const isMissing = loader !== undefined && unlessRefused(() => this.os.find(loader) === undefined) === true;
    const own = this.machine ??= parseElf(unlessRefused(() => readHead(this.os, "/proc/self/exe", ELF_HEAD_SIZE)) ?? "")
      ?.machine ?? "";
    const isForeign = own !== "" && !runsOn(machine, own);
    return { missingLoader: isMissing ? loader : undefined, foreignMachine: isForeign ? machine : undefined };
  }

  /** The place where the file system is mounted, if that is noexec. */
  private noexecAt(path: ByteString): ByteString | undefined {
    const { os } = this;
    this.mounts ??= parseMountTable(unlessRefused(() => os.readFile("/proc/self/mounts")) ?? "");
    const real = unlessRefused(() => {
      const fd = os.open(path, ["path"]);
      try {
        return os.door.pathOf(fd);
      } finally {
        os.close(fd);
      }
    });
    const found = real === undefined ? undefined : mountAbove(this.mounts, real);
    return found?.options.split(",").includes("noexec") ? found.target : undefined;
  }

  private lookedUp(shebang: Shebang): RunFile["lookedUp"] {
    const { interpreter, argument = "" } = shebang;
    const words = WITH_CONTENV.test(interpreter) ? argument.split(/[ \t]+/) : wordsOfEnv(shebang);
    const [name = ""] = words ?? [];
    if (!/^[A-Za-z0-9_.+-]+$/.test(name) || name.startsWith("-")) return undefined;
    const isThere = this.searchPath.split(":").some((directory) =>
      unlessRefused(() => this.os.find(`${directory}/${name}`)) !== undefined
    );
    return { by: interpreter, name, isThere };
  }

  /** It may be there, where we may not look. */
  private isUnknown(path: ByteString): boolean {
    return unlessRefused(() => this.os.find(path) ?? "nothing") === undefined;
  }
}

function absent(path: ByteString): ProgramFile {
  return {
    path,
    kind: "missing",
    leadsTo: undefined,
    mode: 0,
    uid: 0,
    size: 0,
    mayExecute: false,
    head: "",
    missingLoader: undefined,
    foreignMachine: undefined,
    noexec: undefined,
  };
}
