// The boot of an image of generation 3, from its definitions to its command: a child compiles them and makes the live
// directory, and process 1 brings the bundle "top" up, beginning as soon as there are services in it.

import type { ByteString } from "../../bytes.ts";
import { WRONG_DEFINITION } from "../../rc/definition.ts";
import { Failure, OsError, textOf } from "../../report.ts";
import { sourceOf, tellOfMissingProfile } from "../boot/profile.ts";
import { provideModes, provideUserFiles } from "../boot/provide.ts";
import type { BootEnd } from "../life.ts";
import type { Steps } from "../steps.ts";
import { TOP } from "./built_in_definitions.ts";
import { definitionPlaces } from "./generation.ts";
import { Laying, type LayingPorts } from "./laying.ts";
import { limitOfServices } from "./own_steps.ts";
import { type GraphPorts, ServiceGraph } from "./service_graph.ts";

/** What the boot of generation 3 needs of process 1. */
export interface LaterBootPorts extends GraphPorts {
  readonly os: GraphPorts["os"] & LayingPorts["os"];
  readonly reactor: GraphPorts["reactor"] & LayingPorts["reactor"];
  /** Takes the graph that the stop is to bring down, or what has kept it from being made. */
  readonly opened: (graph: ServiceGraph | BootObstacle) => void;
}

/** What was wrong has been told: with the definitions, or with what works on them. */
export type BootObstacle = "definitions" | "means";

/** Where nothing could be started, and there is no command either: there is nothing to live for. */
const NOTHING_STARTED = 1;

/** @param failed the hook has failed */
export function* bootGraph(ports: LaterBootPorts, command: readonly ByteString[], failed: boolean): Steps<BootEnd> {
  const { settings, report } = ports;
  const behaviour = settings.get("behaviourIfStage2Fails");
  tellOfMissingProfile(ports.os, settings, report);
  const graph = yield* graphOf(ports);
  ports.opened(graph);
  if (typeof graph === "string") {
    const isVain = behaviour >= 2 || command.length === 0;
    return isVain ? { on: "bootFailed", code: NOTHING_STARTED } : bootEnd(command, behaviour, true);
  }
  const code = yield* graph.start(TOP, limitOfServices(ports));
  if (code !== 0 && behaviour >= 1) {
    report("warning", "s6-rc", "failed to properly bring all the services up: see the lines above");
  }
  if (code !== 0 && behaviour >= 2) return { on: "bootFailed", code };
  return bootEnd(command, behaviour, failed || code !== 0);
}

function bootEnd(command: readonly ByteString[], behaviour: number, failed: boolean): BootEnd {
  const recorded = behaviour === 0 ? undefined : Number(failed);
  return { on: command.length === 0 ? "noCommand" : "commandDue", recorded };
}

function* graphOf(ports: LaterBootPorts): Steps<ServiceGraph | BootObstacle> {
  const { settings, tree, report } = ports;
  const isThere = yield* provideUserFiles(ports, sourceOf(settings), settings.get("readOnlyRoot"));
  if (!isThere) return "means";
  yield* provideModes(ports);
  const { sources, bundles } = definitionPlaces(settings);
  const verbosity = Math.max(0, settings.get("verbosity") - 1);
  const laying = new Laying(ports);
  const code = yield* laying.begin([sources, bundles, `${verbosity}`], tree);
  if (code !== 0) return code === WRONG_DEFINITION ? "definitions" : "means";
  try {
    return ServiceGraph.open(ports, laying);
  } catch (error) {
    if (!(error instanceof OsError || error instanceof Failure)) throw error;
    report("fatal", "s6-rc", textOf(error));
    return "means";
  }
}
