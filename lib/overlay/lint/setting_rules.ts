// Settings: names that are none, with the nearest one, and values that cannot be read. A build has the variables of ENV in
// its environment; others lie in the image as files.

import type { ByteString } from "../../bytes.ts";
import { MOST_PROFILES, PROFILES } from "../boot/profile.ts";
import { PATHS } from "../paths.ts";
import { SETTINGS, Settings, shown } from "../settings.ts";
import { SignalRoutes } from "../signals/signal_routes.ts";
import { unknownSettings } from "../unknown_settings.ts";
import type { ImageRule } from "./ignored_rules.ts";
import type { LintedImage, LintFault } from "./linted_image.ts";

type Variables = ReadonlyMap<ByteString, ByteString>;

/** Directories with a file for each variable. */
const STORES = [PATHS.containerEnvironment, PATHS.stage2Extension, PATHS.stage1, PATHS.stage2, PATHS.stage3];
const MOST_FILES = 4096;
const LONGEST_VALUE = 4096;

/**
 * Where variables are, by the path of what holds them all; empty for the environment. One that the environment has too is not
 * there a second time: in a container its store has the same.
 */
function sourcesOf({ tree, environment }: LintedImage): [path: ByteString, variables: Variables][] {
  const read = (store: ByteString): Variables =>
    new Map(
      tree.list(store, MOST_FILES).filter((name) => !environment.has(name))
        .map((name) => [name, tree.readHead(`${store}/${name}`, LONGEST_VALUE)]),
    );
  return [["", new Map(environment)], ...STORES.map((store): [ByteString, Variables] => [store, read(store)])];
}

function* unknownSetting(image: LintedImage): Generator<LintFault> {
  for (const [source, variables] of sourcesOf(image)) {
    for (const { variable, near } of unknownSettings(variables)) {
      yield {
        severity: "warning",
        path: source === "" ? "" : `${source}/${variable}`,
        text: `${shown(variable)} is not a setting and has no effect`,
        cure: near === undefined ? "the README lists all settings" : `did you mean ${near}?`,
      };
    }
  }
}

function* settingValue(image: LintedImage): Generator<LintFault> {
  for (const [path, variables] of sourcesOf(image)) {
    const lines: string[] = [];
    const warn = (line: string): void => void lines.push(line);
    const settings = new Settings((variable) => variables.get(variable), warn);
    settings.check();
    new SignalRoutes(settings, warn).check(variables);
    for (const text of lines) yield { severity: "warning", path, text, cure: "" };
  }
}

function* profile({ tree, environment, survey }: LintedImage): Generator<LintFault> {
  const name = environment.get(SETTINGS.runtimeProfile.variable) ?? "";
  if (name === "" || !survey.isWhole || tree.find(`${PROFILES}/${name}`)?.kind === "directory") return;
  const there = tree.list(PROFILES, MOST_PROFILES).slice(0, 10).map(shown).join(", ");
  yield {
    severity: "error",
    path: "",
    text: `${SETTINGS.runtimeProfile.variable} is "${shown(name)}", but there is no directory ` +
      `${PROFILES}/${shown(name)}: nothing of the image is run or started`,
    cure: there === "" ? `${PROFILES} has no profiles` : `${PROFILES} has ${there}`,
  };
}

export const SETTING_RULES: Readonly<Record<string, ImageRule>> = {
  "unknown-setting": unknownSetting,
  "setting-value": settingValue,
  "profile": profile,
};
