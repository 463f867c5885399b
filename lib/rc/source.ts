// Reading source directories: one directory for each service, in the order of their names. Follows s6-rc-compile.

import type { ByteString } from "../bytes.ts";
import { systemError } from "../errno.ts";
import { about, EXIT, Failure, OsError } from "../report.ts";
import {
  type BundleDefinition,
  type Definition,
  DefinitionFailure,
  type LongrunDefinition,
  type Mention,
  type OneshotDefinition,
  withCure,
} from "./definition.ts";
import {
  type DefinitionPorts,
  hasDefinitionFile,
  readKind,
  readNameList,
  readNames,
  readScript,
  readTimeout,
  refuseReserved,
  requireRun,
} from "./definition_file.ts";
import { type Progress, VERBOSITY } from "./progress.ts";

export type SourcePorts = DefinitionPorts;

/** Takes what is wrong with the entry of this name. */
export type RefusedEntry = (error: Failure | OsError, directory: ByteString, name: ByteString) => void;

export const refusedAtOnce: RefusedEntry = (error) => {
  throw error;
};

/** What the work makes; undefined where it is refused. */
export function unlessWrong<T>(
  refused: RefusedEntry,
  directory: ByteString,
  name: ByteString,
  work: () => T,
): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Failure || error instanceof OsError)) throw error;
    refused(error, directory, name);
    return undefined;
  }
}

/**
 * All definitions, in the order of sources and names.
 * @param others names that are read elsewhere
 * @param refused takes what is wrong with an entry; if it returns, the others are read
 */
export function readSources(
  os: SourcePorts,
  sources: readonly ByteString[],
  progress: Progress,
  others: readonly ByteString[] = [],
  refused: RefusedEntry = refusedAtOnce,
): Definition[] {
  const reader = new SourceReader(os, progress, others, refused);
  for (const source of sources) reader.read(source);
  return reader.definitions;
}

/** Refuses a second definition of a name. */
export function refuseDuplicate(
  first: Pick<Definition, "kind" | "directory"> | undefined,
  name: ByteString,
  source: ByteString,
): void {
  if (first === undefined) return;
  throw new DefinitionFailure(
    `duplicate service definition: ${name} defined in ${source} is already defined and has type ${first.kind}`,
    `it is defined in ${first.directory} too`,
  );
}

class SourceReader {
  readonly definitions: Definition[] = [];
  private readonly byName = new Map<ByteString, Pick<Definition, "kind" | "directory">>();

  constructor(
    private readonly os: SourcePorts,
    private readonly progress: Progress,
    private readonly others: readonly ByteString[],
    private readonly refused: RefusedEntry,
  ) {}

  read(source: ByteString): void {
    const { os, progress } = this;
    const entries = about("opendir", source, () => os.listDirectory(source)).sort();
    progress(VERBOSITY.steps, "info", `adding sources from ${source}`);
    const attempt = <T>(name: ByteString, work: () => T): T | undefined =>
      unlessWrong(this.refused, `${source}/${name}`, name, work);
    const services = entries.filter((name) => attempt(name, () => this.isService(source, name)));
    const isEmpty = services.length === 0 && !entries.some((name) => this.others.includes(name));
    if (isEmpty) progress(VERBOSITY.warnings, "warning", `source ${source} is empty`);
    for (const name of services) {
      const found = attempt(name, () => this.definition(source, name));
      if (found !== undefined) this.definitions.push(found);
    }
  }

  private isService(source: ByteString, name: ByteString): boolean {
    if (name.startsWith(".") || this.others.includes(name)) return false;
    if (name.includes("\n")) {
      throw new DefinitionFailure(`subdirectory of ${source} contains a newline character`, undefined);
    }
    refuseReserved(source, name);
    const path = `${source}/${name}`;
    const cure = "it is a link that leads nowhere: remove it, or make what it leads to";
    return withCure("stat", path, "ENOENT", cure, () => this.os.stat(path)).kind === "directory";
  }

  private definition(source: ByteString, name: ByteString): Definition {
    const { os, progress } = this;
    const directory = `${source}/${name}`;
    progress(VERBOSITY.services, "info", `parsing ${directory}`);
    const kind = readKind(os, directory);
    progress(VERBOSITY.services, "info", `${name} has type ${kind}`);
    refuseDuplicate(this.byName.get(name), name, source);
    this.byName.set(name, { kind, directory });
    progress(VERBOSITY.names, "tracing", `from ${source}: adding identifier ${name} of type ${kind}`);
    switch (kind) {
      case "oneshot":
        return this.oneshot(name, directory);
      case "longrun":
        return this.longrun(name, directory);
      case "bundle":
        return this.bundle(name, directory);
    }
  }

  private oneshot(name: ByteString, directory: ByteString): OneshotDefinition {
    const atomic = this.atomic(name, directory);
    const reload = readScript(this.os, directory, "reload", false);
    const up = readScript(this.os, directory, "up", true);
    const down = readScript(this.os, directory, "down", false);
    return { kind: "oneshot", ...atomic, up, down, reload };
  }

  private longrun(name: ByteString, directory: ByteString): LongrunDefinition {
    const { os, progress } = this;
    const place = { name, directory };
    const atomic = this.atomic(name, directory);
    requireRun(os, directory);
    const producerFor = this.single(place, "producer-for", "service name");
    if (producerFor !== undefined) {
      progress(VERBOSITY.services, "info", `${name} is a producer for ${producerFor.name}`);
    }
    const isLast = producerFor === undefined;
    const consumerFor = inOrder(readNameList(os, place, "consumer-for", progress) ?? [], isLast);
    for (const producer of consumerFor) {
      progress(VERBOSITY.services, "info", `${name} is a consumer for ${producer.name}`);
    }
    const pipelineName = isLast && consumerFor.length > 0
      ? this.single(place, "pipeline-name", "name")
      : this.ignoredPipelineName(place);
    return { kind: "longrun", ...atomic, producerFor, consumerFor, pipelineName };
  }

  private bundle(name: ByteString, directory: ByteString): BundleDefinition {
    const contents = readNames(this.os, { name, directory }, "contents", this.progress);
    if (contents === undefined) {
      const cure =
        "a bundle needs a directory contents.d with a file for each member, or a file contents with their names";
      const { message } = systemError("open", `${directory}/contents`, "ENOENT");
      throw new DefinitionFailure(message, cure, EXIT.system);
    }
    return { kind: "bundle", name, directory, contents, ...this.flags(directory) };
  }

  private atomic(
    name: ByteString,
    directory: ByteString,
  ): Pick<
    OneshotDefinition,
    "name" | "directory" | "dependencies" | "timeoutUp" | "timeoutDown" | "essential" | "recommended"
  > {
    const { os, progress } = this;
    const dependencies = readNames(os, { name, directory }, "dependencies", progress) ?? [];
    const timeoutDown = readTimeout(os, directory, "timeout-down");
    const timeoutUp = readTimeout(os, directory, "timeout-up");
    return { name, directory, dependencies, timeoutUp, timeoutDown, ...this.flags(directory) };
  }

  private flags(directory: ByteString): Pick<Definition, "essential" | "recommended"> {
    return {
      essential: hasDefinitionFile(this.os, directory, "flag-essential", "read"),
      recommended: hasDefinitionFile(this.os, directory, "flag-recommended", "read"),
    };
  }

  /** The one name in a file; undefined if there is no such file. */
  private single(
    place: Pick<Definition, "name" | "directory">,
    file: ByteString,
    what: string,
  ): Mention | undefined {
    const names = readNameList(this.os, place, file, this.progress);
    if (names === undefined || names.length === 1) return names?.[0];
    const found = names.length === 0 ? "none" : names.map(({ name }) => name).join(", ");
    throw new DefinitionFailure(`${place.directory}/${file} should only contain one ${what}`, `it has ${found}`, 1, {
      file: `${place.directory}/${file}`,
    });
  }

  private ignoredPipelineName({ directory }: Pick<Definition, "directory">): undefined {
    if (!hasDefinitionFile(this.os, directory, "pipeline-name", "access")) return;
    this.progress(
      VERBOSITY.warnings,
      "warning",
      `${directory} contains a pipeline-name file despite not being a last consumer; this file will be ignored`,
    );
  }
}

/** The original has the first producer of a last consumer behind its others, and so databases have. */
function inOrder(producers: readonly Mention[], isLast: boolean): readonly Mention[] {
  return isLast ? [...producers.slice(1), ...producers.slice(0, 1)] : producers;
}
