// A boot of generation 3 that came to its end before the steps of generation 2: s6-rc goes on where it stopped, and takes the
// steps down and up again.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Given } from "../rows/harness.ts";
import { quickly, type Root } from "../surroundings/quick.ts";
import { inOrder, longrunFiles, oneshotFiles, scriptFile, story, user } from "./generation_3.ts";

const STAY = "exec sleep 1000";
/** Services of services.d. */
const OLD = {
  "etc/services.d/plain/run": scriptFile("exec sleep 1000"),
  "etc/services.d/tells/run": scriptFile("trap 'echo end tells; exit 0' TERM; echo >&3; while :; do sleep 0.02; done"),
  "etc/services.d/tells/notification-fd": "3\n",
} satisfies Record<string, Given>;
const FAILING = { ...oneshotFiles("prepare", [], { up: "test -e /run/prepared\n" }), ...user("prepare"), ...OLD };
const COPIES = [
  "services-up: info: copying legacy longrun plain (no readiness notification)",
  "services-up: info: copying legacy longrun tells",
];

/** What the words print in a container that ends by itself then, and what it prints behind them. */
async function said(
  root: Root,
  words: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ lines: readonly string[]; after: string; stderr: string }> {
  const script =
    `PATH=/command:$PATH; up() { s6-svstat -o up /run/service/$1; }; echo said:; ${words}\necho :said; exit 5`;
  const { code, stdout, stderr } = await quickly(root, { argv: ["/init", "/bin/sh", "-c", script], environment });
  equal(code, 5, stdout + stderr);
  const [, lines = ""] = /^said:\n([^]*?)^:said$/m.exec(stdout) ?? [];
  return { lines: lines.split("\n").slice(0, -1), after: stdout.slice(stdout.indexOf(":said")), stderr };
}

story(
  "what a failed oneshot kept the boot from is done by s6-rc, and stopped in order at the end",
  FAILING,
  async (root) => {
    const { lines, after, stderr } = await said(
      root,
      `ls /run/service | grep -cE 'plain|tells'; touch /run/prepared; s6-rc -u change top; echo "=> $?"
    up plain; up tells; s6-rc -u change top; echo "=> $?"; s6-svwait -U -t 5000 /run/service/tells; echo "=> $?"
    s6-overlay explain | tail -n 1; s6-overlay healthy`,
    );
    deepEqual(lines, [
      ...["0", "=> 0", "true", "true", "=> 0", "=> 0", "Everything is as it should be.", "healthy"],
    ], lines.join("\n") + stderr);
    ok(inOrder(stderr, ...COPIES), stderr);
    equal(stderr.split(COPIES[0]!).length, 2, stderr);
    match(after, /^end tells$/m);
    ok(
      inOrder(
        stderr,
        "s6-rc: info: service legacy-services: stopping",
        "s6-rc: info: service legacy-services successfully stopped",
      ),
      stderr,
    );
  },
);

story("services.d goes down and up with s6-rc as it is then, whatever it was in the boot", OLD, async (root) => {
  const { lines, after, stderr } = await said(
    root,
    `mkdir -p /run/service/.left-plain/data; s6-rc -d change legacy-services; echo "=> $?"; ls /run/service | grep -cE 'plain|tells'
    cp -r /etc/services.d/tells /etc/services.d/other; sed -i s/tells/other/ /etc/services.d/other/run
    rm -r /etc/services.d/tells; printf '#!/bin/sh\\r\\nexec sleep 1000\\r\\n' >/etc/services.d/plain/run
    s6-rc -u change legacy-services; echo "=> $?"; up plain; s6-svwait -U -t 5000 /run/service/other; up other
    s6-overlay status tells; echo "=> $?"; s6-rc -d change legacy-services; s6-rc -u change legacy-services
    s6-svwait -U -t 5000 /run/service/other; s6-overlay healthy`,
    // Of what is no kind of an image it is one of these.
    { S6_OVERLAY_GENERATION: "3" },
  );
  deepEqual(
    lines,
    ["end tells", "=> 0", "0", "=> 0", "true", "true", "=> 100", "end other", "healthy"],
    lines.join("\n") + stderr,
  );
  match(after, /^end other$/m);
  ok(!/warning: (?!\/etc\/services.d\/plain)/.test(stderr), stderr);
});

story("a service of services.d and its logger leave without a warning, and what they printed is in the log", {
  "etc/services.d/talks/run": scriptFile("trap 'echo last; exit 0' TERM; echo first; while :; do sleep 0.02; done"),
  "etc/services.d/talks/log/run": scriptFile("exec s6-log n3 /run/talks"),
  "etc/services.d/talks/log/finish": scriptFile("echo logger finished >&2"),
}, async (root) => {
  const { lines, stderr } = await said(
    root,
    `until grep -s first /run/talks/current; do sleep 0.02; done
    s6-rc -d change legacy-services; echo "=> $?"; cat /run/talks/current; ls -A /run/service | grep talks`,
    { S6_OVERLAY_GENERATION: "3" },
  );
  deepEqual(lines, ["first", "=> 0", "first", "last"]);
  match(stderr, /^logger finished$/m);
  ok(!stderr.includes("warning"), stderr);
});

story("what ignores its end stays when the time is over, and is not copied anew", {
  "etc/services.d/deaf/run": scriptFile("trap '' TERM; echo run; while :; do sleep 0.1; done"),
  "etc/services.d/deaf/log/run": scriptFile("exec s6-log n3 /run/deaf"),
}, async (root) => {
  const { lines, stderr } = await said(
    root,
    `s6-rc -d change legacy-services; echo "=> $?"; s6-rc -u change legacy-services; echo "=> $?"; up deaf
    s6-overlay status deaf | grep -c ' up '; kill -9 $(s6-svstat -o pid /run/service/deaf); s6-svwait -r -t 5000 /run/service/deaf
    until grep -c run /run/deaf/current | grep 2; do sleep 0.02; done
    kill -9 $(s6-svstat -o pid /run/service/deaf); s6-rc -d change legacy-services; ls -a /run/service | grep -c deaf`,
    { S6_OVERLAY_GENERATION: "3", S6_SERVICES_GRACETIME: "300" },
  );
  deepEqual(lines, ["=> 0", "=> 0", "true", "1", "2", "0"], lines.join("\n") + stderr);
});

/** The first script waits until the words have it go on. */
const INITIALIZED = {
  "etc/cont-init.d/01-waits": scriptFile(
    'until test -e /run/go; do sleep 0.02; done; echo "init for $RC_NAME ${GREETING-none}"',
  ),
  "etc/cont-init.d/02-fails": "#!/command/with-contenv sh\r\necho greeting $GREETING\r\nexit 3\r\n",
  "etc/cont-finish.d/last": scriptFile("echo finish for $RC_NAME"),
  "etc/services.d/plain/run": scriptFile(STAY),
} satisfies Record<string, Given>;

story(
  "what the time was over for goes on with s6-rc, cont-init.d first, as the settings say",
  INITIALIZED,
  async (root) => {
    const { lines, after, stderr } = await said(
      root,
      `s6-overlay explain | grep -c 'legacy-cont-init was not up when the time'; touch /run/go; s6-rc -u change top; echo "=> $?"; up plain
    s6-rc -d change legacy-cont-init; s6-rc -d change legacy-cont-init; s6-rc -a list | grep -c legacy; s6-rc -u change legacy-cont-init`,
      {
        S6_OVERLAY_GENERATION: "3",
        S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "300",
        GREETING: "hello",
        S6_BEHAVIOUR_IF_STAGE2_FAILS: "1",
      },
    );
    const init = ["init for legacy-cont-init none", "greeting hello"];
    deepEqual(
      lines.filter((line, at) => line !== init[0] || at > 1),
      ["1", ...init, "=> 0", "true", "finish for legacy-cont-init", "0", ...init],
      lines.join("\n") + stderr,
    );
    ok(
      inOrder(
        stderr,
        "s6-rc: warning: not up within 300 ms: legacy-cont-init",
        "cont-init: info: running /etc/cont-init.d/02-fails",
        "cont-init: info: /etc/cont-init.d/02-fails exited 3",
        "cont-init: warning: some scripts exited nonzero",
        "services-up: info: copying legacy longrun plain (no readiness notification)",
        "cont-finish: info: running /etc/cont-finish.d/last",
        "cont-finish: info: /etc/cont-finish.d/last exited 0",
      ),
      stderr,
    );
    match(after, /^finish for legacy-cont-init$/m);
  },
);

story("a script of cont-finish.d that s6-rc runs is killed when its time is over, and the next one runs", {
  "etc/cont-init.d/01": scriptFile("true"),
  "etc/cont-finish.d/01-hangs": scriptFile("exec sleep 1000"),
  "etc/cont-finish.d/02": scriptFile("echo the next one"),
}, async (root) => {
  const { lines, stderr } = await said(root, 's6-rc -d change legacy-cont-init; echo "=> $?"', {
    S6_OVERLAY_GENERATION: "3",
    S6_KILL_FINISH_MAXTIME: "300",
  });
  deepEqual(lines, ["the next one", "=> 0"], lines.join("\n") + stderr);
  const ran = "cont-finish: info: /etc/cont-finish.d/01-hangs exited 99 (killed as its time was over)";
  ok(inOrder(stderr, ran, "cont-finish: info: running /etc/cont-finish.d/02"), stderr);
});

story("settings and conditions are those of the container, whoever starts the services", {
  ...oneshotFiles("prepare", [], { up: "test -e /run/prepared\n" }),
  ...longrunFiles("same", STAY),
  ...user("prepare"),
  "etc/cont-profile.d/one/s6-overlay/s6-rc.d/.keep": "",
  "etc/services.d/same/run": scriptFile(STAY),
  "etc/services.d/off/run": scriptFile(STAY),
  "etc/services.d/off/data/overlay/enabled-if": "GREETING=bye\n",
  "etc/services.d/on/run": scriptFile(STAY),
  "etc/services.d/on/data/overlay/enabled-if": "GREETING=hello\n",
  "etc/services.d/late/run": scriptFile("until test -e /run/go; do sleep 0.02; done; echo >&3; exec sleep 1000"),
  "etc/services.d/late/notification-fd": "3\n",
}, async (root) => {
  for (const S6_KEEP_ENV of ["0", "1"]) {
    const { lines, stderr } = await said(
      root,
      `touch /run/prepared; { sleep 0.5; touch /run/go; } & s6-rc -u change top; echo "=> $?"; s6-svstat -o ready /run/service/late
      up on; up off; readlink /run/service/same | grep -c s6-rc; rm /run/go
      s6-rc -d change legacy-services; s6-rc -t 300 -u change legacy-services 2>/dev/null; echo "=> $?"; up on`,
      { S6_KEEP_ENV, GREETING: "hello", S6_CMD_WAIT_FOR_SERVICES: "1" },
    );
    deepEqual(lines, ["=> 0", "true", "true", "false", "1", "=> 2", "true"], lines.join("\n") + stderr);
    ok(
      inOrder(
        stderr,
        "services-up: warning: /etc/services.d/same is left out: a service of that name is in s6-rc.d",
        'services.d: info: off is disabled: GREETING is not "bye"',
      ),
      stderr,
    );
  }
});
