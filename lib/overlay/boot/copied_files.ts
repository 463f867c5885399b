// What process 1 copies of the user's files, and whose the copies are: its own, whatever owner the originals have, as
// root executes them. A service's user keeps what it owns in the directories that it may write into.

import type { ByteString } from "../../bytes.ts";
import { type Attributes, type CopyLimits, type CopyOptions, type CopyPorts, SET_OWNER } from "../../copy.ts";
import { systemError } from "../../errno.ts";
import { headOf } from "../../image/search.ts";
import type { Door, FileStatus, Os } from "../../os/os.ts";
import { OsError, textOf } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { hasForeignLineEnds } from "./line_ends.ts";
import { PATHS } from "../paths.ts";
import type { HeldDirectory } from "./user_directories.ts";

/** The most that is copied of one service, or of one other entry of the user's directories. */
export const COPY_LIMITS: CopyLimits = { entries: 4096, bytes: 16 * 1024 * 1024 };

export type CopiedOs =
  & CopyPorts
  & Pick<Os, "symlinkAt" | "seek" | "mayExecute" | "writeFile" | "unlink" | "openAt" | "close" | "read">
  & { readonly door: Pick<Door, "find"> };

const WRITABLE_BY_OTHERS = 0o022;
const SET_ID = 0o6000;

/** In a service's directory, or in that of its logger: what belongs to whom it belonged to. */
const KEPT = /^(?:log\/)?(?:data|env|event)(?:\/|$)/;
/** What is executed as the user of the run script, and the directory that it lies in. */
const CHECKS: readonly ByteString[] = ["data/check", "log/data/check"];

/** The same calls, but that what is to be copied is read through the door. */
export function throughDoor<O extends CopiedOs>(os: O): O {
  return {
    ...os,
    lstatAt: (directory: number, path: ByteString): FileStatus => {
      const status = os.door.find(path, directory, { links: "refuse" });
      if (status === undefined) throw systemError("stat", path, "ENOENT");
      return status;
    },
  };
}

/** Makes the options for copying an entry of the directory, by its name. */
export type OptionsOf = (source: HeldDirectory, name: ByteString) => CopyOptions;

/**
 * How to copy entries of a directory of scripts: everything becomes ours.
 * @param report takes a line for what could not be copied
 */
export function scriptOptions(os: CopiedOs, report: Reporter): OptionsOf {
  const runs = executionAsked(os);
  return (source, name) => ({
    ...options(os, runs(), source, name, report),
    attributes: (status) => ownAttributes(os, status),
  });
}

/** How to copy services. */
export function serviceOptions(os: CopiedOs, report: Reporter): OptionsOf {
  const runs = executionAsked(os);
  return (source, name) => ({
    ...options(os, runs(), source, name, report),
    attributes: attributesOf(os, source, name),
  });
}

function attributesOf(os: CopiedOs, source: HeldDirectory, name: ByteString): NonNullable<CopyOptions["attributes"]> {
  const checks = CHECKS.filter((check) => os.door.find(`${name}/${check}`, source.fd) !== undefined);
  const ours = new Set(checks.flatMap((check) => [check, check.slice(0, check.lastIndexOf("/"))]));
  return (status, path) => KEPT.test(path) && !ours.has(path) ? status : ownAttributes(os, status);
}

function ownAttributes(os: Pick<Os, "credentials">, status: FileStatus): Attributes {
  const { uid, gid } = os.credentials();
  const taken = status.uid === uid && status.gid === gid ? 0 : SET_ID;
  return { uid, gid, mode: status.mode & ~(WRITABLE_BY_OTHERS | taken) };
}

function options(
  os: CopiedOs,
  runs: boolean,
  source: HeldDirectory,
  name: ByteString,
  report: Reporter,
): CopyOptions {
  const onFailure = (error: OsError): void => {
    if (!isLeftOut(error, name)) throw error;
    const rest = error.action === SET_OWNER ? "the copy belongs to process 1" : "it is left out of the copy";
    report("warning", "s6-init", `${textOf(error)}: ${rest}`);
  };
  const common = { base: source.fd, limits: COPY_LIMITS, onFailure };
  return runs ? common : { ...common, instead: linkTo(os, `${source.path}/${name}`) };
}

/** One file that we may not read is not the whole service, unless it is what runs; a disk that is full is. */
function isLeftOut({ action, errno, object }: OsError, name: ByteString): boolean {
  if (action === SET_OWNER) return true;
  return (errno === "EACCES" || errno === "EPERM") && object !== `${name}/run` && object !== `${name}/log/run`;
}

/** The same, found out by the first entry that is to be copied: most containers have none. */
function executionAsked(os: CopiedOs): () => boolean {
  let allowed: boolean | undefined;
  return () => allowed ??= allowsExecution(os);
}

/** False where /run is mounted noexec. */
function allowsExecution(os: CopiedOs): boolean {
  const probe = `${PATHS.state}/.executable`;
  os.writeFile(probe, "", 0o700);
  const allowed = os.mayExecute(probe);
  os.unlink(probe);
  return allowed;
}

/** Puts links in the place of programs and scripts: the kernel executes them where they lead to. */
function linkTo(os: CopiedOs, from: ByteString): NonNullable<CopyOptions["instead"]> {
  return ({ fd, status, path }, directory, name) => {
    if ((status.mode & 0o111) === 0) return false;
    const head = headOf(os, fd);
    os.seek(fd, 0n);
    if (!/^(#!|\x7fELF)/.test(head) || hasForeignLineEnds(head)) return false;
    os.symlinkAt(path === "" ? from : `${from}/${path}`, directory, name);
    return true;
  };
}
