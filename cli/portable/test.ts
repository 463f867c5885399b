// s6-test, the older sister of eltest: the same expressions without the pattern operator.

import { evaluate } from "../../lib/execline/expression.ts";
import { subjectOf } from "../../lib/execline/subject.ts";
import { type Applet, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";
import { replyOfTest } from "../tested.ts";

export const test: Applet = utility({
  name: "s6-test",
  usage: "expression...",
  summary: "test files, strings and numbers",
  exits: { 1: "the expression is false" },
  options: NO_OPTIONS,
  least: 0,
  inProcess: true,
  reply: replyOfTest,
  reads: true,
  run: ({ os, image }, { args }) => evaluate(args, subjectOf(os, image.environment), false) ? 0 : 1,
});
