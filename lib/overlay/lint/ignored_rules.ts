// What an image has and the overlay ignores: changed stages, what lies in a place where nothing
// is looked for.

import { STAGE_STUB, STAGES, STAGES_OF_EARLIER } from "../boot/ignored.ts";
import { MOST_ENTRIES, USER_DIRECTORIES } from "../boot/user_directories.ts";
import { SETTINGS } from "../settings.ts";
import type { LintedImage, LintFault } from "./linted_image.ts";

export type ImageRule = (image: LintedImage) => Iterable<LintFault>;

function* changedStages({ tree }: LintedImage): Generator<LintFault> {
  for (const name of STAGES) {
    const path = `${STAGES_OF_EARLIER}/${name}`;
    const status = tree.find(path);
    if (status?.kind !== "file") continue;
    if (status.size === STAGE_STUB.length && tree.readHead(path, STAGE_STUB.length) === STAGE_STUB) continue;
    const cure = `settings and ${SETTINGS.stage2Hook.variable} do what such changes are usually for`;
    yield { severity: "warning", path, text: "was changed, which has no effect: the stages are in process 1", cure };
  }
}

function* tooManyEntries({ tree, survey }: LintedImage): Generator<LintFault> {
  for (const path of survey.directories) {
    if (tree.list(path, MOST_ENTRIES + 1).length <= MOST_ENTRIES) continue;
    const text = `has more than ${MOST_ENTRIES} entries, and none of them is used`;
    yield { severity: "error", path, text, cure: "keep there what the overlay is to run" };
  }
}

/** The boot reports a link that leads nowhere, and passes a file over in silence. */
function* noServices({ tree, survey }: LintedImage): Generator<LintFault> {
  for (const path of survey.others) {
    const target = tree.linkTarget(path);
    if (tree.find(path) === undefined) {
      const cure = "have it lead to a service directory, or remove it";
      yield { severity: "error", path, text: `is a link to ${target}, which does not exist: it is left out`, cure };
    } else if (/^(?:#!|\x7fELF)/.test(tree.readHead(path, 4))) {
      const cure = `make ${path} a directory, and the file its run`;
      yield { severity: "error", path, text: "is a file, and services are directories: it is not started", cure };
    }
  }
}

/** What COPY makes of the four directories where a slash, or "etc", is missing or is one too many. */
const MISPLACED = ["", "/root/etc", "/rootfs/etc", "/root/rootfs/etc", "/etc/etc", "/etc/root/etc", "/root"];

function* misplaced({ tree, survey }: LintedImage): Generator<LintFault> {
  if (!survey.isWhole) return;
  for (const place of MISPLACED) {
    for (const directory of USER_DIRECTORIES) {
      const path = `${place}/${directory}`;
      if (tree.list(path, 1).length === 0) continue;
      const cure = "COPY root/ / puts into / what is in the directory root, and no more";
      yield { severity: "warning", path, text: `is not looked at: /etc/${directory} is`, cure };
    }
  }
}

export const IGNORED_RULES: Readonly<Record<string, ImageRule>> = {
  "changed-stage": changedStages,
  "too-many-entries": tooManyEntries,
  "not-a-service": noServices,
  "misplaced": misplaced,
};
