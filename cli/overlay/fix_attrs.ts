// fix-attrs: the rules on standard input, applied.

import { type ByteString, byteString } from "../../lib/bytes.ts";
import type { Os } from "../../lib/os/os.ts";
import { settingsOf } from "../../lib/overlay/contenv.ts";
import { applyRules } from "../../lib/overlay/attributes/fix_attrs.ts";
import { type Applet, utility } from "../applet.ts";

export const fixAttrs: Applet = utility({
  name: "fix-attrs",
  usage: "< rules",
  summary: "set owners and modes of files by the rules on standard input",
  notes: [
    "A rule is a line of five words: a path or pattern, true or false for all that is below it, an account, the mode of " +
    "files and the mode of directories. A dash leaves modes alone. The account is a user, or user:group, and may have a " +
    "comma and the numbers to take if it does not exist behind it.",
  ],
  exits: { 1: "there was no rule" },
  options: "",
  least: 0,
  run: (context) => {
    const { os, image } = context;
    const warn = (line: string): void => context.warn(line);
    const hidden = settingsOf(os, image.environment, warn).get("fixHiddenAttributes");
    const work = applyRules(os, readInput(os), { hidden, warn });
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
    }
  },
});

function readInput(os: Pick<Os, "read">): ByteString {
  const buffer = new Uint8Array(new ArrayBuffer(16 * 1024));
  let text = "";
  for (let got = os.read(0, buffer); got > 0; got = os.read(0, buffer)) text += byteString(buffer.subarray(0, got));
  return text;
}
