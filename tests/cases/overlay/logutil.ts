// Rows for cli/overlay/logutil.ts. The originals are scripts of the overlay and are not among Debian's programs, so each
// row says what is to be.

import type { Case } from "../../rows/harness.ts";

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
  script(
    "-d tells when the directory is open",
    "mkfifo f; logutil-service -d 4 ./d 4>told <f & exec 5>f; until [ -s told ]; do sleep 0.05; done; ls d; " +
      "exec 5>&-; wait; rm -r d f told",
    "current\nlock\nstate\n",
  ),
  script(
    "-u logs as another user, with all its groups",
    "chown daemon d; seq 2000 | logutil-service -u daemon ./d; cat d/ids; rm -r d",
    "daemon daemon\n",
    { ...KEPT, S6_LOGGING_SCRIPT: "n1 s4096 ?echo$IFS$(id$IFS-un)$IFS$(id$IFS-Gn)>ids" },
  ),
  script(
    "the logger has nothing of our environment",
    "seq 2000 | logutil-service ./d; grep -c MARK d/environment; rm -r d",
    "0\n",
    { ...KEPT, MARK: "1", S6_LOGGING_SCRIPT: "n1 s4096 ?env>environment" },
  ),
  script(
    "TERM does not stop it, HUP does",
    "mkfifo f; logutil-service -d 4 ./d 4>told <f & exec 5>f; until [ -s told ]; do sleep 0.05; done; " +
      "echo a >&5; kill -TERM $!; echo b >&5; until grep -q b d/current; do sleep 0.05; done; kill -HUP $!; wait $!; " +
      "echo $?; cat d/current; rm -r d f told",
    "0\na\nb\n",
    { ...KEPT, S6_LOGGING_SCRIPT: "n1" },
  ),
  {
    name: "-u with an account that does not exist",
    argv: ["logutil-service", "-u", "no-such-user", "./d"],
    expect: { code: 1, stderr: "logutil-service: fatal: unknown user: no-such-user\n" },
  },
];
