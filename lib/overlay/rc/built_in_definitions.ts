// What every image of generation 3 has beside its own services: the steps of generation 2 as oneshots, and the bundles that
// the boot brings up. Process 1 takes these steps itself; the scripts are for s6-rc in a running container.

import type { ByteString } from "../../bytes.ts";
import { lex } from "../../execline/lexer.ts";
import type { Direction } from "../../rc/plan.ts";
import type { BundleDefinition, Mention, OneshotDefinition } from "../../rc/definition.ts";
import { taskCommand } from "../boot/elsewhere.ts";

export const TOP = "top";
export const USER_BUNDLES: readonly ByteString[] = ["user", "user2"];
/** The steps of generation 2. */
export const STEPS = {
  fixAttributes: "fix-attrs",
  initialize: "legacy-cont-init",
  services: "legacy-services",
} as const;

const mentions = (names: readonly ByteString[]): Mention[] =>
  names.map((name) => ({ name, file: "s6-overlay internals", line: undefined }));

const PLAIN = { directory: "s6-overlay internals", essential: false, recommended: false } as const;

function bundle(name: ByteString, contents: readonly ByteString[]): BundleDefinition {
  return { kind: "bundle", name, ...PLAIN, contents: mentions(contents) };
}

interface StepSource {
  readonly dependencies: readonly ByteString[];
  /** Command lines, as a definition has them. */
  readonly up: ByteString;
  readonly down: ByteString;
}

function step(name: ByteString, { dependencies, up, down }: StepSource): OneshotDefinition {
  const script = (text: ByteString): readonly ByteString[] => lex(text, name);
  const common = { ...PLAIN, timeoutUp: 0, timeoutDown: 0, reload: [] };
  return { kind: "oneshot", name, ...common, dependencies: mentions(dependencies), up: script(up), down: script(down) };
}

/** A child takes it: it touches files that users name, and reads the settings as they are then. */
const taken = (name: ByteString, move: Direction): ByteString => taskCommand("step", [name, move]).join(" ");

/** The steps, by their names. */
export const STEP_SOURCES: Readonly<Record<ByteString, StepSource>> = {
  [STEPS.fixAttributes]: { dependencies: [], up: taken(STEPS.fixAttributes, "up"), down: "" },
  [STEPS.initialize]: {
    dependencies: [STEPS.fixAttributes],
    up: taken(STEPS.initialize, "up"),
    down: taken(STEPS.initialize, "down"),
  },
  [STEPS.services]: {
    dependencies: ["base", "user"],
    up: taken(STEPS.services, "up"),
    down: taken(STEPS.services, "down"),
  },
};

/** The bundles, with what is in each. */
export const BUNDLE_SOURCES: Readonly<Record<ByteString, readonly ByteString[]>> = {
  base: [STEPS.fixAttributes, STEPS.initialize],
  [TOP]: ["base", STEPS.services, ...USER_BUNDLES],
};

export const BUILT_IN: readonly (OneshotDefinition | BundleDefinition)[] = [
  ...Object.entries(BUNDLE_SOURCES).map(([name, contents]) => bundle(name, contents)),
  ...Object.entries(STEP_SOURCES).map(([name, source]) => step(name, source)),
];
