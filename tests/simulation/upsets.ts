// What the surroundings of a simulated service do to it: the weather, and the fate of its directory.

import type { Random } from "../random/random.ts";
import type { Node } from "./disk.ts";
import { PARAMETERS } from "./parameters.ts";
import type { World } from "./world.ts";

/** What lies in the service directory before its supervisor begins. */
export function layServiceDirectory({ files }: World, random: Random): void {
  if (random.chance(0.5)) files.set("svc/finish", "");
  if (random.chance(0.2)) files.set("svc/down", "");
  for (const [name, values] of Object.entries(PARAMETERS)) {
    if (random.chance(name === "lock-fd" ? 0.1 : 0.4)) files.set(`svc/${name}`, random.pick(Object.keys(values)));
  }
}

export function changeWeather(world: World, random: Random): void {
  const { weather } = world;
  const bad = random.chance(0.7);
  weather.disk = bad && random.chance(0.3) ? random.pick(["full", "tight"]) : "free";
  weather.noStart = bad && random.chance(0.4) ? random.pick(["EAGAIN", "ENOMEM", "exec"]) : undefined;
  weather.noPipes = bad && random.chance(0.2);
  weather.noSignals = bad && random.chance(0.1);
  weather.serviceLocked = bad && random.chance(0.2);
  weather.standsIn = random.chance(0.4);
  world.reapsLate = bad && random.chance(0.2);
}

/** A user writes a file of the service, or removes it. */
export function edit({ files }: World, home: Node, name: string, value: string | undefined): void {
  const file = { ...files.put("draft", "file", value ?? "")! };
  if (value === undefined) home.entries.delete(name);
  else home.entries.set(name, file);
}

/** A user renames the service directory, puts another one in its place, or removes it. */
export function disturb({ files }: World, home: Node, how: "moved" | "replaced" | "removed"): void {
  if (how === "removed") files.remove(files.node("svc") === home ? "svc" : "moved");
  else if (files.node("svc") === home) files.move("svc", "moved");
  if (how !== "replaced" || files.has("svc")) return;
  for (const directory of ["svc", "svc/event", "svc/supervise"]) files.put(directory, "directory");
  for (const file of ["run", "finish", "down-signal"]) files.put(`svc/${file}`, "file", "HUP");
}
