// eltest: the value of a test expression as an exit code. After execline 2.9.

import { evaluate } from "../../lib/execline/expression.ts";
import { subjectOf } from "../../lib/execline/subject.ts";
import { type Applet, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";
import { replyOfTest } from "../tested.ts";

export const eltest: Applet = utility({
  name: "eltest",
  usage: "expression...",
  summary: "test files, strings and numbers",
  exits: { 1: "the expression is false" },
  options: NO_OPTIONS,
  least: 0,
  inProcess: true,
  reply: replyOfTest,
  reads: true,
  run: ({ os, image }, { args }) => evaluate(args, subjectOf(os, image.environment)) ? 0 : 1,
});
