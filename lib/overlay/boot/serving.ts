// Services that serve: they are up, and ready where they notify readiness.

import type { ByteString } from "../../bytes.ts";
import type { Cancel } from "../../os/os.ts";
import { judgeCondition } from "../../supervise/condition.ts";
import type { Goal } from "../../supervise/goal.ts";
import type { ServiceView } from "../../supervise/ports.ts";
import type { Scanner } from "../../supervise/scanner_port.ts";
import { hasEntry } from "./provide.ts";
import type { UserFilesOs } from "./user_files.ts";
import { tellsReadiness } from "../../supervise/readiness_files.ts";

interface ServingPorts {
  readonly os: UserFilesOs;
  readonly scanner: Pick<Scanner, "when">;
}

/** What a service has reached when it serves. */
export function servesWhen(os: UserFilesOs, name: ByteString): Goal {
  return tellsReadiness((file) => hasEntry(os, name, file)) ? "ready" : "up";
}

/** Calls back once, at once or later, when each of these services serves or never will by itself. */
export function whenServing({ os, scanner }: ServingPorts, names: readonly ByteString[], arrived: () => void): Cancel {
  const notifying = new Set(names.filter((name) => servesWhen(os, name) === "ready"));
  let left = 2;
  const one = (): void => void (--left === 0 && arrived());
  const waits = [
    scanner.when("ready", one, [...notifying]),
    scanner.when("up", one, names.filter((name) => !notifying.has(name))),
  ];
  return () => waits.forEach((cancel) => cancel());
}

/**
 * Those of these services that do not serve, and still may.
 * @param condition what each has to meet: servesWhen()
 */
export function notServing(
  services: readonly ServiceView[],
  names: readonly ByteString[],
  condition: (name: ByteString) => Goal,
): ByteString[] {
  const views = new Map(services.map((view) => [view.name, view]));
  return names.filter((name) => judgeCondition(views.get(name), condition(name)) === "pending");
}
