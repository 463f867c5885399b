// The boot of an image of generation 3, from its definitions to its command: a child compiles them and makes the live
// directory, then process 1 brings the bundle "top" up.

import type { ByteString } from "../../bytes.ts";
import { Failure, OsError, textOf } from "../../report.ts";
import { haveDone } from "../boot/elsewhere.ts";
import { sourceOf, tellOfMissingProfile } from "../boot/profile.ts";
import { provideModes, provideUserFiles } from "../boot/provide.ts";
import type { BootEnd } from "../life.ts";
import type { Steps } from "../steps.ts";
import { TOP } from "./built_in_definitions.ts";
import { definitionPlaces } from "./generation.ts";
import { limitOfServices } from "./own_steps.ts";
import { type GraphPorts, ServiceGraph } from "./service_graph.ts";

interface LaterPorts extends GraphPorts {
  /** Takes the graph that the stop is to bring down. */
  readonly opened: (graph: ServiceGraph) => void;
}

/** Where nothing could be started, and there is no command either: there is nothing to live for. */
const NOTHING_STARTED = 1;

/** @param failed the hook has failed */
export function* bootGraph(ports: LaterPorts, command: readonly ByteString[], failed: boolean): Steps<BootEnd> {
  const { settings, report } = ports;
  const behaviour = settings.get("behaviourIfStage2Fails");
  tellOfMissingProfile(ports.os, settings, report);
  const graph = yield* graphOf(ports);
  if (graph === undefined) {
    const isVain = behaviour >= 2 || command.length === 0;
    return isVain ? { on: "bootFailed", code: NOTHING_STARTED } : bootEnd(command, behaviour, true);
  }
  ports.opened(graph);
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

/** Undefined if something is wrong with the definitions, which has been told. */
function* graphOf(ports: LaterPorts): Steps<ServiceGraph | undefined> {
  const { settings, tree, report } = ports;
  const isThere = yield* provideUserFiles(ports, sourceOf(settings), settings.get("readOnlyRoot"));
  if (!isThere) return undefined;
  yield* provideModes(ports);
  const { sources, bundles } = definitionPlaces(settings);
  const verbosity = Math.max(0, settings.get("verbosity") - 1);
  if (!(yield* haveDone(ports, "s6-rc-compile", "compile", [sources, bundles, `${verbosity}`], tree))) return undefined;
  // Each longrun has a link in the scan directory now. One that no supervisor can be had for fails when its turn comes.
  ports.scanner.rescan();
  try {
    return ServiceGraph.open(ports);
  } catch (error) {
    if (!(error instanceof OsError || error instanceof Failure)) throw error;
    report("fatal", "s6-rc", textOf(error));
    return undefined;
  }
}
