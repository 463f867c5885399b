// The keeper of the pipes of pipelines in a container of generation 3: process 1 holds them, and gives them to the services that
// it starts. To all who ask, control or use it, with our programs and with Debian's, it is a service like any other, which
// a client's connection gives a process.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { boot } from "../surroundings/container.ts";
import { heldByProcessOne, untilNoMoreHeld } from "../surroundings/descriptors.ts";
import { type Inside, insideOf, untilFits } from "../surroundings/inside.ts";
import { isOnMachine, machineRoot, startOnMachine } from "../surroundings/machine_root.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { limited, quickly, type Root, start } from "../surroundings/quick.ts";
import { staticProgram } from "../surroundings/static_program.ts";
import { longrunFiles, scriptFile, SOURCES, story, user } from "./generation_3.ts";

const READS = 'echo run sink; while read -r line; do echo "$line" >>/run/sunk; done';
const FINISH = "readlink /proc/self/fd/0 >/run/finished";
const IMAGE = {
  ...longrunFiles("source", "while :; do echo a line; sleep 0.02; done", [], { "producer-for": "sink\n" }),
  ...longrunFiles("sink", READS, [], {
    "consumer-for": "source\n",
    "pipeline-name": "flow",
    finish: scriptFile(FINISH),
  }),
  ...user("flow"),
};
const SOCKET = "/run/s6-rc/servicedirs/s6rc-fdholder/s";

/**
 * In them `standing` says how the holder stands, `processes` how many it has, `deaths` how it has ended, `end` which pipe
 * a service has as that descriptor, and `flows` when a line has gone through.
 */
const WORDS = `PATH=/command:$PATH; H=/run/service/s6rc-fdholder; S=${SOCKET}
standing() { set -- $(s6-svstat -o up,ready,pid $H); case $3 in -1) echo down;; 1) echo $1 $2 held;; *) echo $1 $2;; esac; }
processes() { ps -o args | grep -c '[s]6-fdholderd'; }
deaths() { s6-svdt $H | sed 's/^[^ ]* //' | tr '\\n' ' '; echo; }
# Two starts are a second apart.
up_again() { until test "$(standing)" = 'true true held'; do sleep 0.05; done; }
paused() { until test "$(s6-svstat -o up,paused $H)" = 'true true'; do sleep 0.05; done; }
end() { readlink /proc/$(s6-svstat -o pid /run/service/$1)/fd/$2; }
again() { s6-svc -wr -r /run/service/sink && s6-svc -wr -r /run/service/source; }
flows() { rm -f /run/sunk; until test -s /run/sunk; do sleep 0.02; done; echo flows; }
flows >/dev/null
`;

/** What the words print, one after the other, in a container that ends by itself then. */
async function said(root: Root, words: readonly string[], told: string[] = []): Promise<readonly string[]> {
  const script = `${WORDS}echo said:; ${words.join("\n")}\necho :said; exit 5`;
  return linesOf(await quickly(root, { argv: ["/init", "/bin/sh", "-c", script] }), told);
}

function linesOf(
  { code, stdout, stderr }: Awaited<ReturnType<typeof quickly>>,
  told: string[] = [],
): readonly string[] {
  equal(code, 5, stdout + stderr);
  told.push(...stderr.split("\n"));
  const [, lines = ""] = /^said:\n([^]*?)^:said$/m.exec(stdout) ?? [];
  return lines.trimEnd().split("\n").filter((line) => line !== "run sink");
}

story("after the boot it is up and ready, and only process 1 and the services have processes", IMAGE, async (root) => {
  const [standing, processes, waited, health, flows, same, ...rest] = await said(root, [
    "standing; processes; s6-svwait -U -t 5000 $H; echo $?; s6-overlay healthy; flows",
    "test $(end sink 0) = $(end source 1) && echo one pipe; s6-overlay status s6rc-fdholder",
    "s6-overlay explain s6rc-fdholder; ps -o ppid,args | grep '^ *1 '",
  ]);
  deepEqual([standing, processes, waited, health, flows, same], [
    ...["true true held", "0", "0", "healthy", "flows", "one pipe"],
  ]);
  const text = rest.join("\n");
  match(text, /^s6rc-fdholder +up +\d+ m?s +1 +yes +0 +- +- +- +-$/m);
  match(text, /^s6rc-fdholder is up since .*, as it should be\.$/m);
  match(text, /; process 1 listens in its place, and starts it at the first connection$/m);
  const children = rest.filter((line) => /^ +1 /.test(line));
  deepEqual(children.map((line) => /run\.user (sink|source)$|sh -c/.test(line)), [true, true, true], text);
});

story("a restart makes new pipes, which services have when they are restarted", IMAGE, async (root) => {
  const lines = await said(root, [
    "before=$(end sink 0); s6-svc -wR -r $H; standing; flows; test $(end sink 0) = $before && echo the same",
    "again; flows; test $(end sink 0) = $(end source 1) && test $(end sink 0) != $before && echo another",
    "standing; test $(cat /run/finished) != $before && echo finish has it; deaths",
  ]);
  deepEqual(lines, [
    ...["true true held", "flows", "the same", "flows", "another", "true true held", "finish has it", "exitcode 1"],
  ]);
});

story("control letters do to it what they do to its process", IMAGE, async (root) => {
  const lines = await said(root, [
    "s6-svc -wD -d $H; standing; s6-fdholder-list $S 2>/dev/null; echo $?; s6-svc -wU -u $H; standing",
    "s6-svc -h $H; s6-svc -y $H; standing",
    "for letter in t q 2 k; do",
    "  s6-svc -wD -$letter $H; up_again; s6-fdholder-list $S >/dev/null; s6-svc -wD -$letter $H; up_again",
    "done; deaths",
    "s6-svc -p $H; paused; s6-svc -t $H; paused; s6-svc -wD -c $H; up_again",
    "s6-svc -p $H; s6-svc -wD -k $H; up_again; s6-svc -wD -D $H; test -e $H/down && s6-svc -wU -U $H; standing",
  ]);
  const twice = ["exitcode 1", "signal SIGQUIT", "signal SIGUSR2", "signal SIGKILL"].flatMap((how) => [how, how]);
  deepEqual(lines, [
    ...["down", "111", "true true held", "true true held"],
    `exitcode 1 ${twice.join(" ")} `,
    "true true held",
  ]);
});

story("a supervisor that is told to leave goes when it is down, not before", IMAGE, async (root) => {
  const lines = await said(root, [
    "s6-svc -x $H; standing; flows; s6-svc -d $H; while s6-svok $H; do sleep 0.02; done; echo gone; flows",
  ]);
  deepEqual(lines, ["true true held", "flows", "gone", "flows"]);
});

story("a client gives it a process with the same pipes, whose death takes it back", IMAGE, async (root) => {
  const lines = await said(root, [
    "before=$(end sink 0); s6-fdholder-list $S; standing; processes; flows",
    "s6-fdholder-retrieve $S pipe:s6rc-r-sink sh -c 'readlink /proc/self/fd/0' | grep -Fxc \"$before\"",
    "s6-fdholder-store $S other 2>/dev/null; echo $?; s6-fdholder-store $S pipe:s6rc-mine; s6-fdholder-list $S",
    "s6-fdholder-delete $S pipe:s6rc-mine; again; flows; test $(end sink 0) = $before && echo the same",
    "s6-svc -wD -r $H; up_again; processes; again; flows; standing; s6-fdholder-list $S",
  ]);
  const names = ["pipe:s6rc-r-sink", "pipe:s6rc-w-sink"];
  deepEqual(lines, [
    ...[...names, "true true", "1", "flows", "1", "1", ...names, "pipe:s6rc-mine", "flows", "the same"],
    ...["0", "flows", "true true held", ...names],
  ]);
});

story("an update to another database adds and removes pipelines", IMAGE, async (root) => {
  const lines = await said(root, [
    `cp -r /${SOURCES} /run/new; cd /run/new; cp -r source tap; echo drain >tap/producer-for; cp -r sink drain`,
    "echo tap >drain/consumer-for; echo other >drain/pipeline-name; s6-rc-compile /run/db1 /run/new",
    "s6-rc-update /run/db1; echo $?; s6-fdholder-list $S; s6-rc -u change other; flows",
    "s6-svc -wD -r $H; up_again; rm -r source sink; echo tap >user/contents.d/tap; rm -f user/contents.d/flow",
    "s6-svc -wr -r /run/service/drain; s6-svc -wr -r /run/service/tap; flows; standing",
    "s6-rc-compile /run/db2 /run/new 2>&1; s6-rc-update /run/db2; echo $?; s6-fdholder-list $S; flows",
    "s6-svc -wD -r $H; up_again; standing; s6-rc -d change other; s6-rc -u change other; flows; standing",
  ]);
  const [sink, drain] = ["sink", "drain"].map((name) => [`pipe:s6rc-r-${name}`, `pipe:s6rc-w-${name}`]);
  deepEqual(lines, [
    ...["0", ...sink!, ...drain!, "flows", "flows", "true true held"],
    ...["0", ...drain!, "flows", "true true held", "flows", "true true held"],
  ]);
});

story("where it is not as it has been made, it has a process as ever, and a line says why", IMAGE, async (root) => {
  const told: string[] = [];
  const process = "standing; s6-fdholder-list $S | wc -l; again; flows; s6-svc -wD -d $H";
  const lines = await said(root, [
    `s6-svc -wD -d $H; echo '# changed' >>$H/run; s6-svc -wU -u $H; ${process}; sed -i '$ d' $H/run`,
    `chmod g+w $H/data/autofilled; s6-svc -wU -u $H; ${process}; chmod g-w $H/data/autofilled`,
    `echo '# changed' >>$H/data/autofilled; chown nobody $H/data; s6-svc -wU -u $H; ${process}; chown root $H/data`,
    `ln $H/s.lock $H/other; s6-svc -wU -u $H; ${process}; rm $H/other; s6-svc -wU -u $H; standing`,
  ], told);
  deepEqual(lines, [...Array.from({ length: 4 }, () => ["true true", "2", "flows"]).flat(), "true true held"]);
  deepEqual(told.filter((each) => each.includes("of its own")), [
    "s6-rc: info: s6rc-fdholder gets a process of its own: its run is another",
  ]);
});

story("with few descriptors it has a process as ever", IMAGE, async (root) => {
  const words = `${WORDS}echo said:; standing; flows; s6-fdholder-list $S | wc -l; echo :said; exit 5`;
  const told: string[] = [];
  const argv = ["/bin/sh", "-c", 'ulimit -Sn 36; exec /init /bin/sh -c "$1"', "sh", words];
  deepEqual(linesOf(await quickly(root, { argv }), told), ["true true", "flows", "2"]);
  ok(
    told.includes(
      "s6-rc: info: s6rc-fdholder gets a process of its own: unable to hold its pipes: Too many open files",
    ),
  );
});

story("a chain that has changed its user gets no pipe of process 1", {
  ...IMAGE,
  ...longrunFiles("thief", "", [], {
    run: "#!/command/execlineb -P\ns6-setuidgid nobody\ns6-fdholder-retrieve ../s6rc-fdholder/s pipe:s6rc-r-sink\n" +
      "redirfd -w 1 /run/stolen/it\necho stolen\n",
    "dependencies.d/source": "",
  }),
}, async (root) => {
  const lines = await said(root, [
    "mkdir -m 777 /run/stolen; s6-rc -u change thief; until s6-svdt /run/service/thief | grep exitcode; do sleep 0.05; done",
    "ls /run/stolen; standing",
  ]);
  deepEqual(lines.map((line) => line.replace(/^@\S+ /, "")), ["exitcode 1", "true true"]);
});

/** A finish would wait for a holder with a process that is paused. */
const { [`${SOURCES}/sink/finish`]: _, ...WITHOUT_FINISH } = IMAGE;

/** States of the holder, and what leads to them. */
const STATES: Readonly<Record<string, string>> = {
  "has no process": "true",
  "has no process and is paused": "s6-svc -p $H",
  "has a process": "s6-fdholder-list $S",
  "has a process that is paused": "s6-fdholder-list $S; s6-svc -p $H",
  "has just been killed": "s6-fdholder-list $S; kill -9 $(s6-svstat -o pid $H)",
  "is down": "s6-svc -wD -d $H",
  "is to end when it is down": "s6-svc -x $H",
  "has a client that says nothing":
    `/command/s6-ipcclient ${SOCKET} sleep 1000 & until test "$(standing)" = "true true"; do sleep 0.05; done`,
};

for (const [state, words] of Object.entries(STATES)) {
  story(`a stop comes to its end in order where the holder ${state}`, WITHOUT_FINISH, async (root) => {
    const { code, stdout, stderr } = await quickly(root, {
      argv: ["/init", "/bin/sh", "-c", `${WORDS}${words}\nexit 5`],
    });
    equal(code, 5, stderr);
    match(stderr, /^s6-rc: info: service sink successfully stopped$/m);
    ok(!/still alive|timed out/.test(stdout + stderr), stdout + stderr);
  });
}

/** Of both services that process 1 stands in for, whose sockets all users may connect to. */
for (const name of ["s6rc-fdholder", "s6rc-oneshot-runner"]) {
  story(`what a user has sent to ${name} does not hold process 1 up when that ends`, {
    ...IMAGE,
    // It needs the runner.
    [`${SOURCES}/early/type`]: "oneshot\n",
    [`${SOURCES}/early/up`]: "true\n",
    ...user("flow", "early"),
  }, async (root) => {
    await Deno.copyFile(await staticProgram("linger"), `${root.path}/bin/linger`);
    const lines = await said(root, [
      `N=/run/service/${name}; s6-svc -p $N; until test $(s6-svstat -o paused $N) = true; do sleep 0.02; done`,
      `s6-setuidgid nobody linger /run/s6-rc/servicedirs/${name}/s 1000 >/run/linger & until test -s /run/linger; do sleep 0.02; done`,
      "s6-svc -wD -k $N; until test $(s6-svstat -o up,ready,pid $N | tr ' ' ,) = true,true,1; do sleep 0.05; done; echo held",
      "while ps -o args | grep -q '[s]6-cat'; do sleep 0.05; done; flows; kill %1",
    ]);
    deepEqual(lines, ["held", "flows"]);
  });
}

/** Opens connections from outside, and leaves them open. */
async function connections(inside: Inside, count: number): Promise<Deno.UnixConn[]> {
  const path = `/proc/${inside.pid}/root${SOCKET}`;
  return await Promise.all(Array.from({ length: count }, () => Deno.connect({ transport: "unix", path })));
}

story("a thousand connections at once start one process, and cost process 1 nothing", IMAGE, async (root) => {
  const container = start(root, {});
  const ended = limited(container, 120_000);
  const inside = await insideOf(container);
  const standing = async (): Promise<string> =>
    (await inside.sh("s6-svstat -o up,ready,pid /run/service/s6rc-fdholder")).stdout;
  try {
    await untilFits(() => inside.sh("s6-rc -a list"), ({ stdout }) => /^legacy-services$/m.test(stdout));
    const before = await heldByProcessOne(inside);
    equal(await standing(), "true true 1\n");
    const open = await connections(inside, 1000);
    match(await untilFits(standing, (line) => line !== "true true 1\n"), /^true true [0-9]+$/m);
    await untilFits(() => heldByProcessOne(inside), ({ length }) => length < before.length);
    await inside.sh("s6-svc -wD -k /run/service/s6rc-fdholder");
    for (const one of open) one.close();
    await untilFits(standing, (line) => line === "true true 1\n");
    await untilNoMoreHeld(inside, before);
  } finally {
    Deno.kill(inside.pid, "SIGTERM");
    equal((await ended).code, 0);
  }
});

Deno.test("in a container of another user it is no other", async () => {
  await using container = await boot({ files: IMAGE, user: "1000", prepare: "chown 1000 /run" });
  await container.printed("run sink\n");
  const sh = async (words: string): Promise<string> =>
    (await container.exec(["/bin/sh", "-c", `${WORDS}${words}`])).stdout;
  equal(
    await sh("standing; stat -c '%a %u' $S; again; flows; standing"),
    "true true held\n777 1000\nflows\ntrue true held\n",
  );
  equal(await sh("s6-fdholder-list $S; standing; processes"), "pipe:s6rc-r-sink\npipe:s6rc-w-sink\ntrue true\n1\n");
  equal(await sh("s6-svc -wD -k $H; up_again; standing"), "true true held\n");
  await container.signal("TERM");
  equal((await container.ended).code, 0);
});

Deno.test({
  name: "Debian's programs see it, control it and use what it holds",
  ignore: !canIsolate || !isOnMachine("s6-fdholder-list"),
  fn: async () => {
    await using root = await machineRoot(IMAGE);
    const words = [
      // The machine's /usr is a mount, where process 1 does not look for its own programs: its services have asked.
      "standing; /usr/bin/s6-svc -wD -T 0 -r $H; up_again; /usr/bin/s6-svstat -o up,ready,pid $H",
      "/usr/bin/s6-svwait -U -t 5000 $H; standing; /usr/bin/s6-fdholder-list -t 5000 $S; standing",
      "/usr/bin/s6-fdholder-retrieve $S pipe:s6rc-w-sink sh -c 'readlink /proc/self/fd/0' | grep -c pipe",
      "/usr/bin/s6-fdholder-store -d 0 $S pipe:s6rc-mine </dev/null; /usr/bin/s6-fdholder-getdump $S printenv S6_FD#",
      "/usr/bin/s6-fdholder-delete $S pipe:s6rc-mine; again; flows; test $(end sink 0) = $(end source 1) && echo one",
    ].join("\n");
    const script = `${WORDS}echo said:; ${words}\necho :said; exit 5`;
    const argv = ["/init", "/bin/sh", "-c", script];
    const names = ["pipe:s6rc-r-sink", "pipe:s6rc-w-sink"];
    deepEqual(linesOf(await limited(startOnMachine(root, { argv }))), [
      ...["true true", "true true 1", "true true held", ...names, "true true", "1", "3", "flows", "one"],
    ]);
  },
});
