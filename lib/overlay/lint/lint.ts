// Checks an image without running anything of it: each rule looks at what it is for, and one that cannot read something
// says so instead.

import type { ByteString } from "../../bytes.ts";
import type { Environment } from "../../environment.ts";
import { isErrno, OsError } from "../../report.ts";
import { attributeRules, scriptAccounts } from "./account_rules.ts";
import { DEFINITION_RULES } from "./definition_rules.ts";
import { type LintFinding, sortedFindings } from "./finding.ts";
import { IGNORED_RULES } from "./ignored_rules.ts";
import type { ImageTree } from "./image_tree.ts";
import { LAYOUT_RULES } from "./layout_rules.ts";
import { LEFTOVER_RULES } from "./leftover_rules.ts";
import { LintedImage, type LintFault, type OwnPrograms } from "./linted_image.ts";
import { logDirectory } from "./log_rules.ts";
import { ONESHOT_RULES } from "./oneshot_rules.ts";
import { serviceProgram } from "./program_rules.ts";
import { RUNNING_RULES } from "./script_rules.ts";
import { ScriptText } from "./script_text.ts";
import { LONGRUN_RULES, SERVICE_RULES } from "./service_rules.ts";
import { SETTING_RULES } from "./setting_rules.ts";
import { sourceOf } from "../boot/profile.ts";
import { Settings } from "../settings.ts";
import { surveyOf } from "./survey.ts";

export interface LintResult {
  readonly findings: readonly LintFinding[];
  /** False for files that are yet to be added to an image. */
  readonly isWhole: boolean;
}

const IMAGE_RULES = { ...LAYOUT_RULES, ...LEFTOVER_RULES, ...IGNORED_RULES, ...SETTING_RULES, ...DEFINITION_RULES };
const CALL_RULES = { account: scriptAccounts, "log-directory": logDirectory };
const SCRIPT_RULES = { ...RUNNING_RULES, ...CALL_RULES, "program": serviceProgram };
const COMMAND_LINE_RULES = { ...ONESHOT_RULES, ...CALL_RULES };

/** @param environment what the image sets, as far as it is known */
export function lint(tree: ImageTree, environment: Environment, own: OwnPrograms): LintResult {
  const findings = new Findings();
  const settings = new Settings((variable) => environment.get(variable), () => {});
  const bundlesOf = (source: ByteString): ByteString | undefined =>
    settings.get("generation") === 2 ? undefined : source === sourceOf(settings) ? settings.get("bundleDirectory") : "";
  const survey = surveyOf(tree, bundlesOf, (path, work) => findings.attempt(path, work));
  const image = new LintedImage(tree, survey, environment, own);
  const { scripts, services, rules, isWhole } = survey;
  for (const [name, rule] of Object.entries(IMAGE_RULES)) findings.take(name, "/", () => rule(image));
  for (const service of services) {
    for (const [name, rule] of Object.entries(SERVICE_RULES)) {
      findings.take(name, service.path, () => rule(service, image));
    }
  }
  for (const { directory } of survey.definitions.flatMap(({ longruns }) => longruns)) {
    for (const [name, rule] of Object.entries(LONGRUN_RULES)) {
      findings.take(name, directory, () => rule({ path: directory, isLogger: false }, image));
    }
  }
  for (const script of scripts) {
    findings.attempt(script.path, () => {
      const text = ScriptText.read(tree, script);
      const rules = script.role === "oneshot" ? COMMAND_LINE_RULES : SCRIPT_RULES;
      for (const [name, rule] of Object.entries(rules)) {
        findings.take(name, script.path, () => rule(text, image));
      }
    });
  }
  for (const path of rules) findings.take("fix-attrs", path, () => attributeRules(path, image));
  return { findings: sortedFindings(findings.all), isWhole };
}

class Findings {
  readonly all: LintFinding[] = [];
  private readonly unread = new Set<string>();

  take(rule: string, path: ByteString, look: () => Iterable<LintFault>): void {
    this.attempt(path, () => {
      for (const fault of look()) this.all.push({ ...fault, rule });
    });
  }

  /** What cannot be read is found once, whatever the rules that would have. */
  attempt(path: ByteString, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      const at = error.object.startsWith("/") ? error.object : path;
      const text = `cannot be read: ${error.reason}`;
      if (this.unread.has(`${at}\0${text}`)) return;
      this.unread.add(`${at}\0${text}`);
      // Links in a loop lead nowhere in the container either; what we may not read root may.
      const isLoop = isErrno(error, "ELOOP");
      const cure = isLoop
        ? "remove the loop of links"
        : isErrno(error, "EACCES", "EPERM")
        ? "run the check as root"
        : "";
      this.all.push({ severity: isLoop ? "error" : "warning", rule: "unreadable", path: at, text, cure });
    }
  }
}
