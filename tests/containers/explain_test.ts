// What `s6-overlay explain` says in real containers of a boot and of a stop that hang, of wrong settings, where all is well,
// and who may ask.

import { shell } from "../rows/harness.ts";
import { faultsOfDeclared } from "../scripts/declared_json.ts";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Explanation } from "../../lib/overlay/explain/explanation.ts";
import { type Explained, of, story } from "./explained.ts";

story(
  "of a boot that hangs it says which script runs, and what that waits for",
  { "etc/cont-init.d/10-database": shell("sh -c 'sleep 1000; true' MARKER", "true") },
  {},
  async (container) => {
    const isHanging = ({ container: { waits } }: Explanation): boolean =>
      /whose process sleep/.test(waits[0]?.for ?? "");
    const { container: { state, waits: [wait], cure } } = await container.until(isHanging);
    equal(state, "booting");
    match(wait!.for, /^the end of cont-init\.d\/10-database \(pid \d+\), whose process sleep \(pid \d+\) /);
    deepEqual([wait!.by, wait!.until], ["boot", null]);
    match(cure ?? "", /timeout/);
    const { code, stdout } = await container.text();
    equal(code, 1);
    match(
      stdout,
      /^The container is booting, since .*\n {2}waits: {2}the boot waits for the end of cont-init.d.*limit\n/,
    );
    ok(!stdout.includes("MARKER"));
  },
);

story(
  "of a boot that has gone on it says which scripts have failed",
  { "etc/cont-init.d/10-page": shell("exit 3"), "etc/cont-init.d/20-logs": shell("true") },
  {},
  async (container) => {
    const { scripts, asWanted } = await container.until(({ container: { state } }) => state === "running");
    deepEqual([scripts, asWanted], [["cont-init.d/10-page exited 3"], false]);
    const { code, stdout } = await container.text();
    equal(code, 1);
    match(stdout, /\n\nScripts that have failed; their output says why:\n {2}cont-init\.d\/10-page exited 3\n$/);
  },
);

story(
  "of a boot that waits for services it says for which, and until when",
  {
    "etc/services.d/slow/run": shell("exec sleep 1000"),
    "etc/services.d/slow/notification-fd": "3\n",
    "etc/services.d/quick/run": shell("exec sleep 1000"),
  },
  { environment: { S6_CMD_WAIT_FOR_SERVICES: "1", S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "25000" } },
  async (container) => {
    const found = await container.until((found) => of("slow", found)?.diagnosis === "never-ready");
    const [wait] = found.container.waits;
    match(wait!.for, /: slow$/);
    ok(Math.abs(wait!.until!.after - wait!.since.after - 25_000) < 1000);
    const [own] = of("slow", found)!.waits;
    deepEqual([own!.for, own!.by, own!.until], ["its readiness", "boot", wait!.until]);
  },
);

async function stopping(container: Explained): Promise<void> {
  await container.until(({ container: { state } }) => state === "running");
  await container.run(["kill", "-TERM", "1"]);
}

story(
  "of a stop that hangs it says what is waited for, and why it stops",
  {
    "etc/services.d/deaf/run": shell("trap '' TERM", "echo >&3", "while :; do sleep 1; done"),
    "etc/services.d/deaf/notification-fd": "3\n",
    "etc/cont-finish.d/last": shell("sleep 1000", "true"),
  },
  {
    environment: {
      S6_SERVICES_GRACETIME: "6000",
      S6_KILL_FINISH_MAXTIME: "6000",
      S6_CMD_WAIT_FOR_SERVICES: "1",
    },
  },
  async (container) => {
    await stopping(container);
    const services = await container.until(({ container: { state } }) => state === "stopping");
    equal(services.container.cause, "TERM");
    match(services.container.waits[0]!.for, /^services to end: deaf \(pid \d+\)$/);
    deepEqual([of("deaf", services)?.diagnosis, services.container.waits[0]!.until === null], ["will-not-end", false]);
    const isLast = ({ container: { waits } }: Explanation): boolean => /whose process sleep/.test(waits[0]?.for ?? "");
    const scripts = await container.until(isLast);
    match(scripts.container.waits[0]!.for, /^the end of cont-finish\.d\/last \(pid \d+\), whose process sleep/);
  },
);

story(
  "of the last moments of a stop it says which processes are alive",
  { "etc/cont-init.d/deaf": shell("(trap '' TERM HUP; while :; do sleep 1; done) >/dev/null 2>&1 &") },
  { environment: { S6_KILL_GRACETIME: "8000" } },
  async (container) => {
    await stopping(container);
    const isLast = ({ container: { state, waits } }: Explanation): boolean =>
      state === "lastSignals" && waits.length > 0;
    const { container: { waits: [wait] } } = await container.until(isLast);
    match(wait!.for, /^processes to end: .*deaf \(pid \d+\)/);
  },
);

story(
  "wrong settings are told, also when the journal has forgotten them",
  { "etc/services.d/exits/run": shell("exit 3") },
  { environment: { S6_KILL_GRACETIME: "long", S6_LOGGNG: "1", S6_SIGNAL_HUP: "jump", S6_JOURNAL_ENTRIES: "3" } },
  async (container) => {
    const { settings } = await container.until((found) =>
      (of("exits", found)?.history ?? "").match(/^started ([3-9]|\d\d)/) !== null
    );
    deepEqual([...settings].sort(), [
      'S6_KILL_GRACETIME="long": not a number; using the default, 3000',
      "S6_LOGGNG is not a setting and has no effect; did you mean S6_LOGGING?",
      'S6_SIGNAL_HUP="jump": unknown route; the known ones are stop, ignore, rescan, forward, reload and send; ' +
      "using the default, rescan",
    ]);
  },
);

story(
  "where all is well it says so",
  { "etc/services.d/good/run": shell("exec sleep 1000") },
  {},
  async (container) => {
    await container.until(({ asWanted }) => asWanted, ["good"]);
    const all = await container.text();
    deepEqual([all.code, all.stderr], [0, ""]);
    match(all.stdout, /^The container is running its command, since .*\.\n\nEverything is as it should be\.\n$/);
    const one = await container.text("good");
    match(one.stdout, /\n\ngood is up since .*, as it should be\.\n {2}so far: started once, /);
    const none = await container.text("nosuch");
    deepEqual([none.code, none.stderr], [
      100,
      "s6-overlay: fatal: there is no service nosuch; s6-overlay status lists them\n",
    ]);
  },
);

const OPERATOR = 65534;

story(
  "a member of the status group is told what process 1 knows, and others are refused",
  {
    "etc/group": `root:x:0:\noperators:x:${OPERATOR}:\n`,
    "etc/services.d/hidden/run": { content: "#!/bin/sh\nexit 3\n", mode: 0o700 },
    "etc/services.d/bad/run": { content: "#!/no/such\n", mode: 0o755 },
  },
  { environment: { S6_STATUS_GROUP: "operators" } },
  async (container) => {
    await container.until((found) =>
      of("hidden", found)?.diagnosis === "exits-at-once" && of("bad", found)?.diagnosis === "interpreter-missing"
    );
    const { code, stdout } = await container.run(["s6-overlay", "explain", "-j"], OPERATOR);
    equal(code, 1);
    const found: Explanation = JSON.parse(stdout);
    deepEqual(faultsOfDeclared("Explanation", found), []);
    deepEqual([of("hidden", found)?.diagnosis, of("bad", found)?.diagnosis], ["exits-at-once", "interpreter-missing"]);
    const other = await container.run(["s6-overlay", "explain"], 12);
    equal(other.code, 111);
    match(other.stderr, /^s6-overlay: fatal: only root and the user of process 1 may ask it/);
  },
);

story(
  "of a log whose file system is full it says so, although all services are up",
  {
    "etc/cont-init.d/10-small": shell("mkdir -p /var/log/web", "mount -t tmpfs -o size=64k small /var/log/web"),
    "etc/services.d/web/run": shell("echo", "exec sleep 1000"),
    "etc/services.d/web/log/run": shell("exec logutil-service /var/log/web"),
  },
  {},
  async (container) => {
    await container.until((found) => found.asWanted, ["web"]);
    equal((await container.run(["/bin/sh", "-c", "cat /dev/zero >/var/log/web/other; test $? != 0"])).code, 0);
    const { services } = await container.until(({ asWanted }) => !asWanted);
    deepEqual(services.map(({ name, diagnosis }) => [name, diagnosis]), [["web/log", "log-full"]]);
    const { code, stdout } = await container.text("web");
    equal(code, 1);
    match(stdout, /web is up since [^,]*\.\n {2}why: {4}the file system of its log in \/var\/log\/web is full: /);
    equal((await container.run(["rm", "/var/log/web/other"])).code, 0);
    await container.until((found) => found.asWanted);
  },
);
