// The timeline in real containers: on one that runs, and written at the end of the boot, however that ends.

import { faultsOfDeclared } from "../scripts/declared_json.ts";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { ContainerEnd } from "../../scripts/engine.ts";
import { output } from "../../scripts/command.ts";
import type { Timeline } from "../../lib/overlay/timeline/timeline.ts";
import type { Given } from "../rows/harness.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { firstProcess, limited, type Root, root, start } from "../surroundings/quick.ts";

const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });
const SECRET = "marker-9f3b7c";

const FILES: Readonly<Record<string, Given>> = {
  "etc/cont-init.d/10-first": script("exit 0"),
  "etc/cont-init.d/20-second": script('eval "$SECOND"'),
  "etc/services.d/early/run": script("exec sleep 1000"),
  // It notifies when the fifo is written to.
  "etc/services.d/web/run": script("read line </run/web; echo >&3; exec sleep 1000"),
  "etc/services.d/web/notification-fd": "3\n",
};
/** Lets the service be ready. */
const READY = "echo >/run/web";
const WAITS = { S6_CMD_WAIT_FOR_SERVICES: "1", S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "20000" };

interface Boot {
  readonly environment?: Readonly<Record<string, string>>;
  /** What the second script does. */
  readonly second?: string;
  /** The container's command, in sh. */
  readonly command?: string;
}

function begin(
  made: Root,
  { environment = {}, second = "mkfifo /run/web", command = "exit 0" }: Boot,
): ReturnType<typeof start> {
  return start(made, {
    environment: { S6_KEEP_ENV: "1", SECRET, SECOND: second, ...environment },
    argv: ["/init", "/bin/sh", "-c", command, "sh", SECRET],
  });
}

function story(name: string, work: (made: Root) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !canIsolate,
    fn: async () => {
      await using made = await root(FILES);
      await work(made);
    },
  });
}

async function written(made: Root, name: string): Promise<string> {
  const text = await Deno.readTextFile(`${made.path}/${name}`);
  ok(!text.includes(SECRET), "nothing of the environment or the command's other words");
  return text;
}

async function rowsOf(made: Root, name: string): Promise<string[]> {
  const timeline: Timeline = JSON.parse(await written(made, name));
  deepEqual(faultsOfDeclared("Timeline", timeline), []);
  const { rows } = timeline;
  return rows.map(({ kind, name, state, critical }) => `${kind} ${name} ${state}${critical ? "*" : ""}`);
}

function ended({ code, stderr }: ContainerEnd, expected: number): void {
  equal(code, expected, stderr);
  ok(!/timeline/.test(stderr), stderr);
}

const ALL = [
  "cont-init.d 10-first ended*",
  "cont-init.d 20-second ended*",
  "service early up",
  "service web ready*",
  "command sh running",
];

story("a running container shows its timeline as text, as a picture and as JSON", async (made) => {
  const command = "s6-overlay timeline >/text; s6-overlay timeline --svg >/svg; s6-overlay timeline -j >/json; " +
    "s6-overlay timeline -o /file.svg; s6-overlay timeline --svg -j; test $? = 100";
  const second = `mkfifo /run/web; ${READY} &`;
  const { code, stderr } = await limited(begin(made, { environment: WAITS, second, command }));
  equal(code, 0, stderr);
  match(stderr, /^s6-overlay: fatal: --svg and -j do not go together$/m);
  deepEqual((await rowsOf(made, "json")).sort(), [...ALL].sort());
  const text = await written(made, "text");
  match(text, /^The boot was over after [^\n]+\.\n\n +0/);
  for (const row of [/^\* cont-init.d\/20-second +█/m, /^ {2}early +│? *░/m, /^\* web +█/m, /^ {2}command sh/m]) {
    match(text, row);
  }
  for (const name of ["svg", "file.svg"]) {
    match(await written(made, name), /^<svg [^]*on the critical path[^]*<\/svg>\n$/);
  }
});

for (const answers of ["0", "1"]) {
  story(
    `the boot's end writes it in the form that the file's name says, with S6_ANSWER_CALLS=${answers}`,
    async (made) => {
      const second = `mkfifo /run/web; ${READY} &`;
      for (
        const [file, begins] of [["boot.svg", "<svg "], ["boot.json", '{"version":1,'], [
          "boot.txt",
          "The boot was over",
        ]] as const
      ) {
        const environment = { ...WAITS, S6_TIMELINE: `/${file}`, S6_ANSWER_CALLS: answers };
        const command = `until test -s /${file}; do sleep 0.01; done`;
        ended(await limited(begin(made, { environment, second, command })), 0);
        ok((await written(made, file)).startsWith(begins));
      }
      deepEqual((await rowsOf(made, "boot.json")).sort(), [...ALL].sort());
    },
  );
}

story("a command that ends at once does not keep it from being written", async (made) => {
  ended(await limited(begin(made, { environment: { S6_TIMELINE: "/boot.json" } })), 0);
  deepEqual((await rowsOf(made, "boot.json")).slice(0, 2), ALL.slice(0, 2));
});

story("services that become ready behind the boot are in it as well", async (made) => {
  const isThere = (what: string): string => `until grep -q '${what}' /boot.json; do sleep 0.01; done`;
  const command = `${isThere("outcome")}; ${READY}; ${isThere('"state":"ready"')}`;
  ended(await limited(begin(made, { environment: { S6_TIMELINE: "/boot.json" }, command })), 0);
  ok((await rowsOf(made, "boot.json")).includes("service web ready"));
});

story("a boot that fails writes it", async (made) => {
  const environment = { S6_TIMELINE: "/boot.json", S6_BEHAVIOUR_IF_STAGE2_FAILS: "2" };
  ended(await limited(begin(made, { environment, second: "exit 3" })), 1);
  deepEqual(await rowsOf(made, "boot.json"), ["cont-init.d 10-first ended*", "cont-init.d 20-second failed*"]);
  const { outcome, cause }: Timeline = JSON.parse(await written(made, "boot.json"));
  deepEqual([outcome, cause], ["broken off", "initialization failed: cont-init.d/20-second exited 3"]);
});

story("a stop during a script of the boot writes it", async (made) => {
  const container = begin(made, { environment: { S6_TIMELINE: "/boot.json" }, second: "echo here; exec sleep 1000" });
  await container.printed("here\n");
  await output(["/bin/kill", "-TERM", `${await firstProcess(container)}`]);
  ended(await limited(container), 0);
  const { outcome, cause, rows }: Timeline = JSON.parse(await written(made, "boot.json"));
  deepEqual([outcome, cause], ["broken off", "TERM"]);
  deepEqual(rows.map(({ name, critical }) => [name, critical]), [["10-first", true], ["20-second", true]]);
});

story("a stop while the boot waits for services writes it", async (made) => {
  const container = begin(made, {
    environment: { ...WAITS, S6_TIMELINE: "/boot.json" },
    second: "mkfifo /run/web; echo here",
  });
  await container.printed("[services.d] starting services\n");
  await output(["/bin/kill", "-TERM", `${await firstProcess(container)}`]);
  ended(await limited(container), 0);
  const { outcome }: Timeline = JSON.parse(await written(made, "boot.json"));
  equal(outcome, "broken off");
});

const REFUSED: Readonly<Record<string, RegExp>> = {
  "boot.svg":
    /^s6-overlay: warning: S6_TIMELINE="boot.svg": it is to be an absolute path that ends in .svg, .json or .txt; using the default, none$/gm,
  "/no/such/boot.svg": /^s6-overlay: fatal: unable to write \/no\/such\/boot.svg: No such file or directory$/gm,
  "/etc/link/boot.svg":
    /^s6-overlay: fatal: unable to write \/etc\/link\/boot.svg: link is a link that root has not made$/gm,
  "/proc/boot.svg": /^s6-overlay: fatal: unable to write \/proc\/boot.svg: .*$/gm,
};

story("what is wrong with the file is told in one line, and the container lives on", async (made) => {
  await Deno.symlink("/root", `${made.path}/etc/link`);
  await output(["chown", "-h", "1234", `${made.path}/etc/link`]);
  for (const [path, told] of Object.entries(REFUSED)) {
    const { code, stdout, stderr } = await limited(
      begin(made, { environment: { S6_TIMELINE: path }, command: "echo lives" }),
    );
    deepEqual([code, /^lives$/m.test(stdout)], [0, true], stderr);
    equal(stderr.match(told)?.length, 1, stderr);
    equal(stderr.match(/timeline/gi)?.length ?? 0, /TIMELINE/.test(stderr) ? 1 : 0, stderr);
  }
});
