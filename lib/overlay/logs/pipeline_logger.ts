// Who logs a pipeline of s6-rc: a service that prints into another one has the log that the last of them writes. The script of
// each end, which s6-rc-compile makes, has the name of the pipe.

import type { ByteString } from "../../bytes.ts";
import { unlessRefused } from "../../report.ts";
import type { ServiceSnapshot } from "../journal/snapshot.ts";
import { type FindingPorts, runHead } from "./log_directories_of.ts";

type Part = Pick<ServiceSnapshot, "name" | "directory">;

/** The last service of the pipeline that this one is in; undefined where it is in none. */
export function pipelineLogger<One extends Part>(
  os: FindingPorts,
  service: One,
  services: readonly One[],
): One | undefined {
  let last = service;
  // Not more often than there are services: they could have been made to lead to one another.
  for (const _ of services) {
    const next = consumerOf(os, last);
    if (next === undefined) break;
    const found = services.find(({ name }) => name === next);
    if (found === undefined) return undefined;
    last = found;
  }
  return isConsumer(os, last) ? last : undefined;
}

/** Whose input the service's output is. */
function consumerOf(os: FindingPorts, service: Part): ByteString | undefined {
  return /"pipe:s6rc-w-([^"\\]+)"/.exec(scriptOf(os, service))?.[1];
}

function isConsumer(os: FindingPorts, service: Part): boolean {
  return scriptOf(os, service).includes('"pipe:s6rc-r-');
}

function scriptOf(os: FindingPorts, { directory }: Part): ByteString {
  return unlessRefused(() => runHead(os, directory)) ?? "";
}
