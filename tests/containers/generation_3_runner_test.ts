// The runner of oneshots in a container of generation 3: it has no process until a client needs one, and is a service like any
// other to all who ask, control or use it, with our programs and with Debian's.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { boot } from "../surroundings/container.ts";
import { heldByProcessOne, untilNoMoreHeld } from "../surroundings/descriptors.ts";
import { type Inside, insideOf, untilFits } from "../surroundings/inside.ts";
import { isOnMachine, machineRoot, startOnMachine } from "../surroundings/machine_root.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { limited, quickly, type Root, start } from "../surroundings/quick.ts";
import { longrunFiles, oneshotFiles, server, story, user } from "./generation_3.ts";

const IMAGE = { ...oneshotFiles("first"), ...server("web", ["first"]), ...oneshotFiles("later"), ...user("web") };
const RUNNER = "/run/s6-rc/servicedirs/s6rc-oneshot-runner";

/** In them `standing` says how the runner stands, `processes` how many it has, and `deaths` how it has ended. */
const WORDS = `PATH=/command:$PATH; R=/run/service/s6rc-oneshot-runner
standing() { set -- $(s6-svstat -o up,ready,pid $R); case $3 in -1) echo down;; 1) echo $1 $2 held;; *) echo $1 $2;; esac; }
processes() { ps -o args | grep -c '[s]6-ipcserverd'; }
deaths() { s6-svdt $R | sed 's/^[^ ]* //' | tr '\\n' ' '; echo; }
# Two starts are a second apart.
paused() { until test "$(s6-svstat -o up,paused $R)" = 'true true'; do sleep 0.05; done; }
up_again() { until test "$(standing)" = 'true true held'; do sleep 0.05; done; }
`;

/** What the words print, one after the other, in a container that ends by itself then. */
async function said(root: Root, words: readonly string[], told: string[] = []): Promise<readonly string[]> {
  const { code, stdout, stderr } = await quickly(root, {
    argv: ["/init", "/bin/sh", "-c", `${WORDS}echo said:; ${words.join("\n")}\necho :said; exit 5`],
  });
  equal(code, 5, stdout + stderr);
  told.push(...stderr.split("\n"));
  const [, lines = ""] = /^said:\n([^]*?)^:said$/m.exec(stdout) ?? [];
  return lines.trimEnd().split("\n");
}

story("after the boot it is up and ready, and only process 1 and the services have processes", IMAGE, async (root) => {
  const [standing, processes, waited, health, ...rest] = await said(root, [
    "standing; processes; s6-svwait -U -t 5000 $R; echo $?; s6-overlay healthy; s6-overlay status s6rc-oneshot-runner",
    "s6-overlay explain s6rc-oneshot-runner; ps -o ppid,args | grep '^ *1 '",
  ]);
  deepEqual([standing, processes, waited, health], ["true true held", "0", "0", "healthy"]);
  const text = rest.join("\n");
  // What process 1 uses is not the service's.
  match(text, /^s6rc-oneshot-runner +up +\d+ m?s +1 +yes +0 +- +- +- +-$/m);
  match(text, /^s6rc-oneshot-runner is up since .*, as it should be\.$/m);
  match(
    text,
    /^ {2}so far: started once, .* ago; process 1 listens in its place, and starts it at the first connection$/m,
  );
  const children = rest.filter((line) => /^ +1 /.test(line));
  deepEqual(children.map((line) => /run web|sh -c/.test(line)), [true, true], text);
});

story("a oneshot that s6-rc starts or stops gives it a process, whose death takes it back", IMAGE, async (root) => {
  const lines = await said(root, [
    "s6-rc -u change later; standing; processes",
    "s6-rc -d change later; processes; first=$(s6-svstat -o pid $R)",
    "s6-svc -wD -k $R; up_again; processes; s6-rc -u change later; test $first != $(s6-svstat -o pid $R) && standing",
    "kill -9 $(s6-svstat -o pid $R); s6-svwait -D $R; up_again; deaths",
  ]);
  deepEqual(lines, [
    ...["up later", "true true", "1", "down later", "1", "0", "up later", "true true"],
    "signal SIGKILL signal SIGKILL",
  ]);
});

story("control letters do to it what they do to its process", IMAGE, async (root) => {
  const lines = await said(root, [
    "s6-svc -wD -d $R; standing; s6-rc -t 200 -u change later 2>/dev/null; echo $?; s6-svc -wU -u $R; standing; deaths",
    "s6-svc -h $R; s6-svc -y $R; standing",
    "for letter in r q a 2 k; do s6-svc -wD -$letter $R; up_again; done; deaths",
    "s6-svc -p $R; paused; s6-svc -t $R; paused; s6-svc -wD -c $R; up_again",
    "s6-svc -p $R; s6-svc -wD -k $R; up_again; s6-svc -wD -K $R; up_again; deaths",
    "s6-svc -wD -D $R; test -e $R/down && s6-svc -wU -U $R; standing",
  ]);
  const first = "exitcode 0 exitcode 0 exitcode 0 signal SIGALRM signal SIGUSR2 signal SIGKILL ";
  deepEqual(lines, [
    ...["down", "1", "true true held", "exitcode 0 ", "true true held", first],
    ...[`${first}exitcode 0 signal SIGKILL signal SIGKILL `, "true true held"],
  ]);
});

/** States of the runner, and what leads to them. */
const STATES: Readonly<Record<string, string>> = {
  "has no process": "true",
  "has no process and is paused": "s6-svc -p $R",
  "has a process": "s6-rc -u change later",
  "has a process that is paused": "s6-rc -u change later; s6-svc -p $R",
  "has just been killed": "s6-rc -u change later; kill -9 $(s6-svstat -o pid $R)",
  "is down": "s6-svc -wD -d $R",
  "is to end when it is down": "s6-svc -x $R",
  "has a client that says nothing":
    `/command/s6-ipcclient ${RUNNER}/s sleep 1000 & until test "$(standing)" = "true true"; do sleep 0.05; done`,
};

for (const [state, words] of Object.entries(STATES)) {
  story(`a stop comes to its end in order where the runner ${state}`, IMAGE, async (root) => {
    const { code, stdout, stderr } = await quickly(root, {
      argv: ["/init", "/bin/sh", "-c", `${WORDS}${words}\nexit 5`],
    });
    equal(code, 5, stderr);
    match(stdout, /^end web\ndown first$/m);
    ok(!/still alive|timed out/.test(stdout + stderr), stdout + stderr);
  });
}

story("a supervisor that is told to leave goes when the runner is down, not before", IMAGE, async (root) => {
  const lines = await said(root, [
    "s6-svc -x $R; standing; s6-rc -u change later; standing; s6-svc -d $R; while s6-svok $R; do sleep 0.02; done; echo gone",
  ]);
  deepEqual(lines, ["true true held", "up later", "true true", "gone"]);
});

story("where its socket cannot be made, or its run is another one, it has a process as ever", IMAGE, async (root) => {
  const told: string[] = [];
  const lines = await said(root, [
    "ln $R/s.lock $R/other; s6-svc -wR -r $R; standing; s6-svc -wR -r $R; standing; s6-svc -wD -d $R; rm $R/other",
    "echo '# changed' >>$R/run; s6-svc -wU -u $R; standing; s6-svc -wD -d $R",
    "sed -i '$ d' $R/run; chmod g+w $R/.; s6-svc -wU -u $R; standing; s6-svc -wD -d $R",
    "chmod g-w $R/.; chown nobody $R/.; s6-svc -wU -u $R; standing; s6-svc -wD -d $R",
    "chown root $R/.; s6-svc -wU -u $R; standing",
  ], told);
  deepEqual(lines, [...Array.from({ length: 5 }, () => "true true"), "true true held"]);
  const line =
    "s6-rc: info: s6rc-oneshot-runner gets a process of its own: unable to open s.lock: it has other names too";
  deepEqual(told.filter((each) => each.includes("of its own")), [line]);
});

story("a link in the place of its socket is removed, not followed", IMAGE, async (root) => {
  const lines = await said(root, [
    "s6-svc -wD -d $R; rm $R/s; echo as before >/run/victim; ln -s /run/victim $R/s; s6-svc -wU -u $R",
    "standing; cat /run/victim; stat -c '%F %a %u' $R/s",
  ]);
  deepEqual(lines, ["true true held", "as before", "socket 777 0"]);
});

story("an update to another database takes it along, with a process or without", IMAGE, async (root) => {
  const lines = await said(root, [
    "cp -r /run/s6/db/. /run/db1; s6-rc-update /run/db1; echo $?; standing; s6-rc -u change later; standing",
    "cp -r /run/s6/db/. /run/db2; s6-rc-update /run/db2; echo $?; standing; s6-rc -d change later",
    "s6-svc -wD -d $R; s6-svc -wU -u $R; standing",
  ]);
  deepEqual(lines, ["0", "true true held", "up later", "true true", "0", "true true", "down later", "true true held"]);
});

story("a change waits for another one that does not need it, as process 1 is the parent of both", {
  ...IMAGE,
  ...longrunFiles("slow", "until test -e /run/go; do sleep 0.02; done; echo >&3; exec sleep 1000", [], {
    "notification-fd": "3\n",
  }),
}, async (root) => {
  const lines = await said(root, [
    "s6-rc -u change slow & until test $(s6-svstat -o up /run/service/slow) = true; do sleep 0.02; done",
    "{ s6-rc -b -u change later; echo $?; } & until ps -o args | grep -q '[s]6-rc -b'; do sleep 0.02; done; touch /run/go; wait",
  ]);
  deepEqual(lines, ["up later", "0"]);
});

/** Of Debian's: what s6-rc calls to change a service, in the manner of s6-rc. */
const DEBIANS = `sudo() { /usr/bin/s6-sudo -el0 -t 30000 -T 0 -- ${RUNNER}/s $1 $2; echo "=> $?"; }
number=$(s6-rc -n 1 -u change later 2>&1 | sed -n 's/.*s up \\([0-9]*\\) .*/\\1/p')
`;

Deno.test({
  name: "Debian's programs see it, control it and have it run scripts",
  ignore: !canIsolate || !isOnMachine("s6-sudo"),
  fn: async () => {
    await using root = await machineRoot(IMAGE);
    const words = [
      "/usr/bin/s6-svstat -o up,ready,pid $R; /usr/bin/s6-svwait -U -t 5000 $R && sudo up $number; standing",
      "/usr/bin/s6-svc -wD -d $R; /usr/bin/s6-svstat -o up,pid $R; /usr/bin/s6-svc -uwU -T 0 -- $R; standing",
      "sudo down $number; /usr/bin/s6-svc -wR -r $R; standing; sudo up $number",
    ];
    const script = `${WORDS}${DEBIANS}echo said:; ${words.join("\n")}\necho :said; exit 5`;
    const { code, stdout, stderr } = await limited(startOnMachine(root, { argv: ["/init", "/bin/sh", "-c", script] }));
    equal(code, 5, stderr);
    deepEqual(/^said:\n([^]*?)^:said$/m.exec(stdout)?.[1]?.trimEnd().split("\n"), [
      ...["true true 1", "up later", "=> 0", "true true"],
      ...["false -1", "true true held", "down later", "=> 0", "true true held", "up later", "=> 0"],
    ]);
    match(stdout.slice(stdout.indexOf(":said")), /^end web\ndown first$/m);
  },
});

/** Opens connections from outside, and leaves them open. */
async function connections(inside: Inside, count: number): Promise<Deno.UnixConn[]> {
  const path = `/proc/${inside.pid}/root${RUNNER}/s`;
  return await Promise.all(Array.from({ length: count }, () => Deno.connect({ transport: "unix", path })));
}

story("a thousand connections at once start one process, and cost process 1 nothing", IMAGE, async (root) => {
  const container = start(root, {});
  const ended = limited(container, 120_000);
  const inside = await insideOf(container);
  const standing = async (): Promise<string> =>
    (await inside.sh(`s6-svstat -o up,ready,pid /run/service/s6rc-oneshot-runner`)).stdout;
  try {
    await untilFits(() => inside.sh("s6-rc -a list"), ({ stdout }) => /^legacy-services$/m.test(stdout));
    const before = await heldByProcessOne(inside);
    equal(await standing(), "true true 1\n");
    const open = await connections(inside, 1000);
    const own = await untilFits(standing, (line) => line !== "true true 1\n");
    match(own, /^true true [0-9]+$/m);
    // What it has held for the runner is closed.
    await untilNoMoreHeld(inside, before);
    // What waits is lost with the process.
    await inside.sh("s6-svc -wD -k /run/service/s6rc-oneshot-runner");
    for (const one of open) one.close();
    await untilFits(standing, (line) => line === "true true 1\n");
    equal((await inside.sh("s6-rc -u change later")).code, 0);
  } finally {
    Deno.kill(inside.pid, "SIGTERM");
    const { code, stdout } = await ended;
    equal(code, 0);
    match(stdout, /^down later$/m);
  }
});

Deno.test("in a container of another user it is no other", async () => {
  await using container = await boot({ files: IMAGE, user: "1000", prepare: "chown 1000 /run" });
  await container.printed("run web\n");
  const sh = async (words: string): Promise<string> =>
    (await container.exec(["/bin/sh", "-c", `${WORDS}${words}`])).stdout;
  equal(await sh("s6-svwait -U $R; standing; stat -c '%a %u' $R/s"), "true true held\n777 1000\n");
  equal(await sh("s6-rc -u change later >/dev/null; echo $?; standing; processes"), "0\ntrue true\n1\n");
  equal(await sh("s6-svc -wD -k $R; up_again; standing"), "true true held\n");
  await container.signal("TERM");
  const { code, stdout } = await container.ended;
  equal(code, 0);
  match(stdout, /^end web$/m);
});
