// s6-rc in a running container of generation 3: it sees what the boot has done, changes it, and the stop takes that up.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { quickly, type Root } from "../surroundings/quick.ts";
import { inOrder, longrunFiles, oneshotFiles, scriptFile, server, story, user } from "./generation_3.ts";

const IMAGE = {
  ...oneshotFiles("first"),
  ...server("web", ["first"]),
  ...oneshotFiles("later"),
  ...user("web"),
  "etc/services.d/old/run": scriptFile("echo run old; exec sleep 1000"),
};

/** What the words print behind the boot, with what they exit with. */
async function inside(
  root: Root,
  ...words: readonly string[]
): Promise<{ said: string; stdout: string; stderr: string }> {
  const text = words.map((word) => `${word} >>/said 2>&1; echo "=> $?" >>/said`).join("; ");
  const show = "echo said:; cat /said; echo :said";
  const { stdout, stderr } = await quickly(root, {
    argv: ["/init", "/bin/sh", "-c", `PATH=/command:$PATH; ${text}; ${show}`],
  });
  return { said: /^said:\n([^]*?)^:said$/m.exec(stdout)?.[1] ?? "", stdout, stderr };
}

story("s6-rc lists what is up, s6-rc-db what there is", IMAGE, async (root) => {
  const { said } = await inside(
    root,
    "s6-rc -a list",
    "s6-rc-db list services",
    "s6-rc-db -c /run/s6/db type web",
    "s6-rc-db check",
    "s6-rc diff",
  );
  const [list, services, type, check, diff] = said.split(/=> 0\n/);
  deepEqual(
    new Set(list!.trim().split("\n")),
    new Set(["s6rc-oneshot-runner", "web", "first", "fix-attrs", "legacy-cont-init", "legacy-services"]),
  );
  ok(services!.includes("later\n") && services!.includes("web\n"));
  deepEqual([type, check, diff], ["longrun\n", "", ""]);
});

story("s6-rc starts and stops services in order, and the stop begins from there", IMAGE, async (root) => {
  const { said, stdout, stderr } = await inside(
    root,
    "s6-rc -u change later",
    "s6-rc -d change first",
    "s6-rc -a list",
    "s6-rc -u change nothing",
  );
  ok(inOrder(said, "up later", "=> 0", "down first", "=> 0"), `${said}${stderr}`);
  ok(!/^(?:web|first|legacy-services)$/m.test(said), said);
  match(said, /nothing is not a recognized identifier in .*\n=> 3\n$/);
  const after = stdout.slice(stdout.indexOf(":said"));
  deepEqual([/down later/.test(after), /down first|end web/.test(after)], [true, false], after);
});

story("the steps of generation 2 go down and up with s6-rc", IMAGE, async (root) => {
  const { said, stderr } = await inside(
    root,
    "s6-rc -d change legacy-services",
    // As with the original, it is in the scan directory no more.
    "test -e /run/service/old",
    "s6-rc -u change legacy-services",
    "s6-svstat -o up /run/service/old",
  );
  const copied = "services-up: info: copying legacy longrun old (no readiness notification)";
  equal(said, `=> 0\n=> 1\n${copied}\n=> 0\ntrue\n=> 0\n`, said + stderr);
});

story("while the boot changes services s6-rc does not, and looks all the same", {
  ...oneshotFiles("first"),
  ...oneshotFiles("asks", ["first"], {
    up: 'sh -c "PATH=/command:$PATH; s6-rc -a list; s6-rc -u change later; echo code $?"\n',
  }),
  ...oneshotFiles("later"),
  ...user("asks"),
}, async (root) => {
  const { stdout, stderr } = await inside(root, "true");
  // It sees that what it needs is up.
  match(stdout, /^first\n(?:.*\n)*code 111$/m);
  match(stderr, /^s6-rc: fatal: unable to take locks: (?:Device or resource|Resource) busy$/m);
});

story("paths that scripts of generation 3 know lead to what they expect", IMAGE, async (root) => {
  const { said } = await inside(
    root,
    "readlink /run/s6-rc | sed s/:[^:]*$//",
    "readlink -f /run/service/web | sed s/init:....../init:x/",
    "cat /run/s6-rc/prefix",
    "test -d /run/s6/db/servicedirs/web",
    "test -S /run/s6-rc/servicedirs/s6rc-oneshot-runner/s",
    "s6-svok /run/service/web",
  );
  equal(said, "s6-rc:s6-rc-init\n=> 0\n/run/s6-rc:s6-rc-init:x/servicedirs/web\n=> 0\n=> 0\n=> 0\n=> 0\n=> 0\n");
});

story("a change that waits for the boot, within a oneshot of the boot, is refused: it would wait without end", {
  ...oneshotFiles("asks", [], { up: '/command/with-contenv sh -c "s6-rc -b -u change later; echo code $?"\n' }),
  ...oneshotFiles("later"),
  ...user("asks"),
}, async (root) => {
  const { stdout, stderr } = await inside(root, "true");
  match(stdout, /^code 111$/m);
  match(stderr, /^s6-rc: fatal: unable to take locks: the change that has them waits for a script of the boot, /m);
});

const LOOK = "foreground { s6-rc -u change later } importas -u code ? foreground { echo code $code } s6-rc -a list";

story("while the stop brings services down s6-rc does not change any, and tells what is up", {
  ...oneshotFiles("first", [], { down: LOOK }),
  ...server("web", ["first"]),
  ...oneshotFiles("later"),
  ...user("web"),
}, async (root) => {
  const { code, stdout, stderr } = await quickly(root, { argv: ["/init", "/bin/sh", "-c", "echo command; exit 5"] });
  equal(code, 5);
  const said = stdout.slice(stdout.indexOf("command\n")).split("\n");
  ok(inOrder(said.join("\n"), "end web", "code 111", "s6rc-oneshot-runner", "first"), stdout + stderr);
  deepEqual(["web", "up later", "down later"].filter((line) => said.includes(line)), [], stdout);
  match(stderr, /^s6-rc: fatal: unable to take locks: (?:Device or resource|Resource) busy$/m);
});

const DAMAGE: Readonly<Record<string, string>> = {
  "a state that is gone": "rm /run/s6-rc/state",
  "a state that is torn": "printf x >/run/s6-rc/state",
  "a state that is never written": "rm /run/s6-rc/state; mkfifo /run/s6-rc/state",
  "no live directory": "rm -r /run/s6-rc:* /run/s6-rc",
  "no database": "rm -r /run/s6/db; mkfifo /run/s6/db",
};

for (const [what, damage] of Object.entries(DAMAGE)) {
  story(`a stop comes to its end with ${what}`, IMAGE, async (root) => {
    const { code, stdout } = await quickly(root, { argv: ["/init", "/bin/sh", "-c", `${damage}; exit 5`] });
    equal(code, 5);
    match(stdout, /^end web$/m);
  });
}

story(
  "a change that cannot record what it has done ends with the reason, and another one goes on",
  IMAGE,
  async (root) => {
    const { said, stderr } = await inside(
      root,
      "{ mount -o remount,size=2m /run; dd if=/dev/zero of=/run/full; }",
      "s6-rc -u change later",
      "s6-rc -t 5000 -d change web",
      "rm /run/full",
      "s6-rc -u change later",
      "s6-rc -a list | grep later",
    );
    const [, up, down, , again, list] = said.split(/(?<==> [0-9]+\n)/);
    const unable = "s6-rc: fatal: unable to write /run/s6-rc/state: No space left on device\n=> 111\n";
    deepEqual(
      [up, down, again, list],
      [`up later\n${unable}`, unable, "up later\n=> 0\n", "later\n=> 0\n"],
      said + stderr,
    );
  },
);

story("what is printed into a pipeline is in its logger's log, for logs and explain", {
  ...oneshotFiles("directory", [], { up: "if { mkdir -p /run/flow } chown nobody /run/flow\n" }),
  ...longrunFiles("one", "while echo from one; do sleep 0.1; done", [], { "producer-for": "log\n" }),
  ...longrunFiles("two", "while echo from two; do sleep 0.1; done", [], { "producer-for": "log\n" }),
  ...longrunFiles("log", "exec logutil-service /run/flow", ["directory"], {
    "consumer-for": "one\ntwo\n",
    "pipeline-name": "flow\n",
  }),
  ...user("flow"),
}, async (root) => {
  const words = `PATH=/command:$PATH
    until grep -q one /run/flow/current && grep -q two /run/flow/current; do sleep 0.02; done
    for name in one two log; do s6-overlay logs $name >/run/$name; grep -q 'from one' /run/$name && echo "$name has it"; done
    s6-overlay logs one two | grep -c 'from one' >/run/lines; test $(cat /run/lines) -gt 0 && echo both; s6-overlay explain one`;
  const { stdout, stderr } = await quickly(root, { argv: ["/init", "/bin/sh", "-c", words] });
  ok(inOrder(stdout, "one has it", "two has it", "log has it", "both"), stdout + stderr);
  match(stdout, /^ {2}output: its logger, in \/run\/flow: s6-overlay logs one; standard error, /m);
});
