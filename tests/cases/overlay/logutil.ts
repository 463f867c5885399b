// Rows for cli/overlay/logutil.ts. The originals are scripts of the overlay and are not among Debian's programs, so each
// row says what is to be.

import type { Case } from "../../harness.ts";

const KEPT = { S6_KEEP_ENV: "1" };

/** Runs a shell script in which d is a directory of the logger's user. */
function script(name: string, text: string, stdout: string, env: Readonly<Record<string, string>> = {}): Case {
  const setting = "mkdir d; chown nobody d; left() { stat -c '%U %a %n' d/*; cat d/current; rm -r d; };";
  return { name, argv: ["sh", "-c", `umask 022; ${setting} ${text}`], env, expect: { stdout, code: 0 } };
}

const FILES = "nobody 744 d/current\nnobody 644 d/lock\nnobody 644 d/state\n";

export const cases: readonly Case[] = [
  {
    name: "logutil-service without a directory",
    argv: ["logutil-service"],
    expect: { code: 1, stderr: "logutil-service: fatal: no directory is given\n" },
  },
  { name: "logutil-service-main without a directory", argv: ["logutil-service-main"], expect: { code: 1 } },
  script(
    "logutil-service logs with local stamps as nobody",
    "printf 'a\\nb\\n' | logutil-service ./d; sed -i -E 's/^[-0-9]{10} [0-9:]{8}\\.[0-9]{9}  //' d/current; chown nobody d/current; left",
    `${FILES}a\nb\n`,
  ),
  script(
    "logutil-service-main does the same",
    "echo a | logutil-service-main ./d; wc -c <d/current; rm -r d",
    "33\n",
  ),
  script(
    "the words of the logging script are separated by blanks and tabs",
    "echo a | logutil-service ./d; left",
    `${FILES}x a\n`,
    { ...KEPT, S6_LOGGING_SCRIPT: " n1\t  s4096 px " },
  ),
  script(
    "a fifo is opened as root, without waiting for a writer, and logged to its end",
    "mkfifo -m 600 f; logutil-service -f f ./d & echo a >f; wait; left; rm f",
    `${FILES}a\n`,
    { ...KEPT, S6_LOGGING_SCRIPT: "n1" },
  ),
];
