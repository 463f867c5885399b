// What the commands for people say of a boot of generation 3 that has not brought everything up.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { quickly } from "../surroundings/quick.ts";
import type { Timeline } from "../../lib/overlay/timeline/timeline.ts";
import { definedFiles, inOrder, longrunFiles, oneshotFiles, scriptFile, story, user } from "./generation_3.ts";

const STAY = "exec sleep 1000";
const IMAGE = {
  ...oneshotFiles("prepare", [], { up: "test -e /run/prepared\n" }),
  ...longrunFiles("db", STAY, ["prepare"]),
  ...longrunFiles("web", STAY, ["db"]),
  ...longrunFiles("other", STAY),
  ...user("web", "other"),
};
const argv = (words: string): string[] => ["/init", "/bin/sh", "-c", `PATH=/command:$PATH; ${words}`];

story("what a failed oneshot keeps back is told, until it is up after all", IMAGE, async (root) => {
  const words = `s6-overlay explain; echo "=> $?"; s6-overlay explain web; s6-overlay healthy; echo "=> $?"
    s6-overlay healthy other; s6-overlay status; echo "=> $?"
    touch /run/prepared; s6-rc -u change web; s6-overlay explain; echo "=> $?"; s6-overlay status; echo "=> $?"`;
  const { stdout, stderr } = await quickly(root, { argv: argv(words) });
  ok(
    inOrder(
      stdout,
      "Services of s6-rc that the boot has not started; s6-rc -u change NAME starts one:",
      "  prepare exited 1",
      "  db was kept back by prepare",
      "  web was kept back by db",
      "=> 1",
      "  why:    the boot has not started it: it was kept back by db",
      "=> 1",
      "healthy",
      "=> 1",
      "=> 1",
    ),
    stdout + stderr,
  );
  match(
    stdout,
    /^container: running its command, for .*; the boot has not started prepare, which exited 1, and 3 more$/m,
  );
  match(stdout, /^not healthy: service db has not been started: it was kept back by prepare, and 1 more$/m);
  const fixed = stdout.slice(stdout.lastIndexOf("The container is"));
  ok(inOrder(fixed, "  legacy-services was kept back by web", "=> 1", "=> 0"), fixed);
  ok(!fixed.includes("web needs"), fixed);
});

story("what is not ready in time is told too, and what needs it", {
  ...longrunFiles("mute", STAY, [], { "notification-fd": "3\n", "timeout-up": "300\n" }),
  ...longrunFiles("slow", STAY, [], { "notification-fd": "3\n" }),
  ...longrunFiles("behind", STAY, ["slow"]),
  ...user("mute", "behind"),
}, async (root) => {
  const environment = { S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "900" };
  const { stdout, stderr } = await quickly(root, { argv: argv("s6-overlay explain"), environment });
  match(stdout, /^ {2}mute has failed: timed out: service mute had 300 ms$/m);
  match(stdout, /^ {2}behind was kept back by slow$/m);
  match(stdout, /^slow is up .*\n {2}(?:why|waits): /m);
  match(stderr, /^s6-rc: warning: not up within 900 ms: slow\ns6-rc: fatal: timed out$/m);
});

story("where all is up nothing is told, and a service that was taken down by hand is as it should be", {
  ...longrunFiles("web", STAY),
  ...user("web"),
}, async (root) => {
  const words =
    "s6-overlay explain | tail -n 1; s6-rc -d change web; s6-overlay explain | tail -n 1; s6-overlay healthy";
  const { stdout, stderr } = await quickly(root, { argv: argv(words) });
  deepEqual(stdout.split("\n").filter((line) => /^(?:Everything|healthy)/.test(line)), [
    "Everything is as it should be.",
    "Everything is as it should be.",
    "healthy",
  ], stderr);
  equal(stderr.includes("unable"), false, stderr);
});

/** What the critical path of a timeline as JSON has, and how much of the boot is no row's of it. */
function criticalOf(stdout: string): { readonly names: readonly string[]; readonly own: number; readonly end: number } {
  const { rows, own, end } = JSON.parse(/^\{.*$/m.exec(stdout)![0]) as Timeline;
  return { names: rows.filter(({ critical }) => critical).map(({ name }) => name), own, end: end ?? 0 };
}

story("the timeline names what a boot waited for until its time was over, and what led there", {
  ...oneshotFiles("first", [], { up: "sleep 0.3\n" }),
  ...longrunFiles("slow", STAY, ["first"], { "notification-fd": "3\n" }),
  ...longrunFiles("other", STAY),
  ...user("slow", "other"),
}, async (root) => {
  const environment = { S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "1500" };
  const { stdout, stderr } = await quickly(root, { argv: argv("s6-overlay timeline -j"), environment });
  const { names, own, end } = criticalOf(stdout);
  deepEqual(names.slice(-2), ["first", "slow"], stdout + stderr);
  ok(end >= 1500 && own < end - 1400, stdout);
});

story("the timeline of a boot that is over goes through what was needed to the steps of generation 2", {
  ...oneshotFiles("first", [], { up: "sleep 0.3\n" }),
  ...longrunFiles("web", "sleep 0.3; echo >&3; exec sleep 1000", ["first"], { "notification-fd": "3\n" }),
  ...longrunFiles("other", STAY),
  ...user("web", "other"),
  "etc/cont-init.d/01": scriptFile("true"),
  "etc/services.d/old/run": scriptFile("sleep 0.3; echo >&3; exec sleep 1000"),
  "etc/services.d/old/notification-fd": "3\n",
}, async (root) => {
  const environment = { S6_CMD_WAIT_FOR_SERVICES: "1" };
  const { stdout, stderr } = await quickly(root, { argv: argv("s6-overlay timeline -j"), environment });
  const { names, own, end } = criticalOf(stdout);
  deepEqual(names.slice(-3), ["first", "web", "old"], stdout + stderr);
  ok(own < end - 800, stdout);
});

story("a boot that waits for a longrun says so, whoever asks", {
  ...longrunFiles("slow", STAY, [], { "notification-fd": "3\n" }),
  ...longrunFiles("asks", "sleep 0.3; { s6-overlay status | head -n 1; s6-overlay explain; } >/told; exec sleep 1000"),
  ...user("slow", "asks"),
}, async (root) => {
  const environment = { S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "2000" };
  const { stdout, stderr } = await quickly(root, { argv: argv("cat /told"), environment });
  match(stdout, /^container: booting, for .*; it waits for slow for \d.* more at most$/m, stderr);
  match(
    stdout,
    /^ {2}waits: {2}the boot waits for services to be up, or ready where they notify: slow, .*until /m,
  );
});

const ALL = `s6-overlay status; echo "=> $?"; s6-overlay explain; echo "=> $?"; s6-overlay healthy; echo "=> $?"`;

for (
  const [what, files] of [
    ["an up that is no command line", oneshotFiles("bad", [], { up: "if { true\n" })],
    ["a definition without a type", definedFiles("bad", { run: `#!/bin/sh\n${STAY}\n` })],
    ["a dependency that nothing defines", longrunFiles("bad", STAY, ["nothing"])],
  ] as const
) {
  story(`${what} is told as long as the container lives, as nothing is started then`, {
    ...files,
    ...longrunFiles("web", STAY),
    ...user("web"),
    "etc/services.d/old/run": scriptFile(STAY),
  }, async (root) => {
    const { stdout, stderr } = await quickly(root, { argv: argv(`${ALL}; s6-overlay explain web 2>&1`) });
    const why = "was not compiled: repair the definitions, as s6-overlay lint / says, and start the container again";
    ok(
      inOrder(
        stdout,
        "=> 1",
        "Services of s6-rc that the boot has not started:",
        `  top ${why}`,
        "=> 1",
        `not healthy: top has not been started: it ${why}`,
        "=> 1",
        `s6-overlay: fatal: there is no service web: what s6-rc.d defines ${why}`,
      ),
      stdout + stderr,
    );
    match(stdout, /^container: running its command, for .*; the boot has not started top, which was not compiled/);
    match(stderr, /^s6-rc-compile: fatal: /m);
  });
}

story("where there is no room for the database the definitions are not blamed", {
  ...longrunFiles("web", STAY),
  ...user("web"),
}, async (root) => {
  // Enough for what comes before the database, and not for it.
  const init = ["/bin/sh", "-c", 'mount -o remount,size=60k /run; exec "$@"', "sh", ...argv(ALL)];
  const { stdout, stderr } = await quickly(root, { argv: init });
  const why = "was not compiled: mend what a line of the boot says, and start the container again";
  const health = `not healthy: top has not been started: it ${why}`;
  ok(inOrder(stdout, "=> 1", `  top ${why}`, "=> 1", health, "=> 1"), stdout + stderr);
  match(stderr, /^s6-rc-compile: fatal: unable to .*: No space left on device$/m);
});

story("services of services.d that were kept back count as missing, and without any nothing is missing", {
  ...oneshotFiles("prepare", [], { up: "false\n" }),
  ...user("prepare"),
  "etc/services.d/old/run": scriptFile(STAY),
}, async (root) => {
  const { stdout, stderr } = await quickly(root, { argv: argv(`${ALL}; s6-overlay start old 2>&1`) });
  ok(inOrder(stdout, "=> 1", "  legacy-services was kept back by prepare", "=> 1", "=> 1"), stdout + stderr);
  const line = "there is no service old yet: legacy-services, which starts services.d, was kept back by prepare";
  ok(stdout.includes(`s6-overlay: fatal: ${line}\n`), stdout);
  match(stdout, /^not healthy: legacy-services has not been started: it was kept back by prepare$/m);
  await Deno.remove(`${root.path}/etc/services.d`, { recursive: true });
  const without = await quickly(root, { argv: argv(ALL) });
  ok(inOrder(without.stdout, "=> 0", "  legacy-services was kept back by prepare", "=> 1", "healthy", "=> 0"), stdout);
});

story("explain says of a longrun in the boot what it waits for, and why one is passed over", {
  ...longrunFiles("slow", STAY, [], { "notification-fd": "3\n", "timeout-up": "3000\n" }),
  ...longrunFiles("asks", "sleep 0.3; s6-overlay explain later off >/told; exec sleep 1000"),
  ...longrunFiles("later", STAY, ["slow"]),
  ...longrunFiles("off", STAY, [], { "data/overlay/enabled-if": "DB\n" }),
  ...longrunFiles("behind", STAY, ["off"]),
  ...user("asks", "later", "behind"),
}, async (root) => {
  const { stdout, stderr } = await quickly(root, { argv: argv("cat /told") });
  match(
    stdout,
    /^later is down .*\n {2}waits: {2}the boot waits for slow \(not ready\), .*\n {2}needs: {2}slow \(not ready\)$/m,
    stderr,
  );
  match(stdout, /^off is down .*, as it should be\.\n {2}why: {4}it is disabled: DB is not set\n {2}for: {4}behind$/m);
});

story("what goes into a pipeline goes there while its consumer is down", {
  ...longrunFiles("says", "while :; do echo line; sleep 0.2; done", [], { "producer-for": "keeps\n" }),
  ...longrunFiles("keeps", "mkdir -p /run/kept; exec s6-log n3 /run/kept", [], { "consumer-for": "says\n" }),
  ...user("says"),
}, async (root) => {
  // That keeps is up does not say that it is s6-log already.
  const isLogger = "until s6-overlay explain says | grep -q /run/kept; do sleep 0.1; done";
  const words = `${isLogger}; s6-overlay explain says; s6-overlay stop keeps; s6-overlay explain says`;
  const { stdout, stderr } = await quickly(root, { argv: argv(words) });
  const places = stdout.split("\n").filter((line) => line.startsWith("  output:"));
  deepEqual(places.map((line) => line.split(/: |;/)[1]!.trim()), [
    "its logger, in /run/kept",
    "its logger, and where that writes could not be found out",
  ], stdout + stderr);
});
