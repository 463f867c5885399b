// s6-overlay lint: checks an image offline, in a Dockerfile as RUN s6-overlay lint /.

import { lint } from "../../lib/overlay/lint/lint.ts";
import { reportAnnotations, reportJson, reportLines } from "../../lib/overlay/lint/lint_report.ts";
import { RootTree } from "../../lib/overlay/lint/image_tree.ts";
import { invalid } from "../../lib/report.ts";
import { applets } from "../index.ts";
import { INIT } from "../links.ts";
import type { Subcommand } from "./subcommand.ts";

const HAS_ERRORS = 1;

export const lintImage: Subcommand = {
  name: "lint",
  usage: "[ -j | --github ] root",
  summary: "check an image for what would not run",
  options: {
    j: "print JSON; docs/json.md says what each field means",
    github: "print annotations for a workflow of GitHub",
  },
  exits: { 1: "something in it would not work: warnings and hints alone are exit code 0" },
  notes: [
    "It runs nothing and changes nothing: RUN s6-overlay lint / behind the last COPY of a Dockerfile fails the build. " +
    "A directory that is yet to be copied into an image can be checked too, as far as it goes by itself.",
    "Settings are those of its own environment, which in a build has what ENV sets.",
  ],
  least: 1,
  most: 1,
  run: (context, given) => {
    const { os, own, image } = context;
    if (given.has("j") && given.has("github")) throw invalid("-j and --github do not go together");
    const root = os.open(given.operands[0]!, ["read", "directory"]);
    try {
      const names = Object.keys(applets).filter((name) => name !== INIT);
      const standsIn = (path: string): boolean => own.standIn(path) !== undefined;
      const result = lint(new RootTree(os, root), image.environment, { names, standsIn });
      const print = given.has("j") ? reportJson : given.has("github") ? reportAnnotations : reportLines;
      context.print(print(result));
      return result.findings.some(({ severity }) => severity === "error") ? HAS_ERRORS : 0;
    } finally {
      os.close(root);
    }
  },
};
