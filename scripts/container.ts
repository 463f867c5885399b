// Containers as the demo, the benchmark and the tests use them: one interface, and what runs them is docker, podman or, with
// neither, plain namespaces.

import { isInstalled } from "./command.ts";
import { CommandEngine } from "./container_command.ts";
import { NamespaceEngine } from "./container_namespace.ts";
import type { Engine } from "./engine.ts";

/** The engine to use: the first that works here; `wish` names one. */
export function chooseEngine(wish: string | undefined = Deno.env.get("CONTAINER_ENGINE")): Engine {
  const name = wish ?? ["docker", "podman"].find(works) ?? "namespaces";
  return name === "namespaces" ? new NamespaceEngine() : new CommandEngine(name);
}

/** True if the engine is installed and answers: a docker command without its daemon is as good as none. */
export function works(engine: string): boolean {
  return isInstalled(engine) &&
    new Deno.Command(engine, { args: ["info"], stdout: "null", stderr: "null" }).outputSync().success;
}
