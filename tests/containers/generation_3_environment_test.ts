// Images of generation 3: what programs find of the container's environment, and the container's command.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { CollectedProcess } from "../../scripts/container_process.ts";
import { atTerminal } from "../../scripts/container_terminal.ts";
import { commandLine, limited, quickly, type Root } from "../surroundings/quick.ts";
import { oneshotFiles, scriptFile, story, user } from "./generation_3.ts";

const LATER = { ...oneshotFiles("a"), ...user("a") };

/** What the command has printed between the marks. */
async function told(root: Root, words: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const argv = ["/init", "/bin/sh", "-c", `PATH=/command:$PATH; printf "<"; ${words}; printf ">"`];
  const { stdout, stderr } = await quickly(root, { argv, environment });
  const found = /<([^]*)>/.exec(stdout);
  if (found === null) throw new Error(`${stdout}${stderr}`);
  return found[1]!;
}

const STORE = "/run/s6/container_environment";
const WRITES = { "etc/cont-init.d/1": scriptFile(`echo one >${STORE}/ONE; printf 'two\\n\\n' >${STORE}/TWO`) };
const HEX = 'sh -c \'printf "%s" "$ONE|$TWO|$GIVEN"\' | od -An -c | tr -d " "';

story("printcontenv prints a value and one line end, whatever the file has", { ...LATER, ...WRITES }, async (root) => {
  const words = "for name in ONE TWO GIVEN EMPTY; do printcontenv $name; done; printcontenv NONE; echo $?; " +
    "printcontenv 2>/dev/null; echo $?; cat /run/s6/container_environment/GIVEN";
  equal(await told(root, words, { GIVEN: "g", EMPTY: "" }), "one\ntwo\n\ng\n\n1\n100\ng");
});

story("with-contenv takes one line end away, and no more", { ...LATER, ...WRITES }, async (root) => {
  equal(await told(root, `with-contenv ${HEX}`, { GIVEN: "g" }), "one|two\\n|g\n");
  // By itself, without process 1.
  equal(await told(root, `with-contenv ${HEX}`, { GIVEN: "g", S6_ANSWER_CALLS: "0" }), "one|two\\n|g\n");
});

story("a service with with-contenv gets the same, of a large environment as well", {
  ...LATER,
  ...WRITES,
  "etc/services.d/web/run": {
    content: `#!/command/with-contenv sh\necho "web:$ONE:$TWO:" >/web.new\nmv /web.new /web\nexec sleep 1000\n`,
    mode: 0o755,
  },
}, async (root) => {
  const many = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`V${at}`, `${at}`]));
  for (const environment of [{}, many]) {
    equal(
      await told(root, "until [ -e /web ]; do sleep 0.02; done; cat /web; rm /web", environment),
      "web:one:two\n:\n",
    );
  }
});

story("in an image of generation 2 with-contenv gives a file's whole content", WRITES, async (root) => {
  equal(await told(root, `with-contenv ${HEX}`, { GIVEN: "g" }), "one\\n|two\\n\\n|g\n");
  equal(await told(root, "printcontenv ONE"), "one\n\n");
});

story("the command has PATH, and with-contenv gives it the rest; kept, it has all", LATER, async (root) => {
  const argv = ["/init", "/bin/env"];
  const environment = { A: "1", PATH: "/usr/bin:/bin" };
  const { stdout } = await quickly(root, { argv, environment });
  deepEqual(lines(stdout), ["PATH=/command:/usr/bin:/bin"]);
  const contenv = await quickly(root, { argv: ["/init", "/command/with-contenv", "/bin/env"], environment });
  match(contenv.stdout, /^A=1$/m);
  const kept = await quickly(root, { argv, environment: { ...environment, S6_KEEP_ENV: "1" } });
  match(kept.stdout, /^A=1$/m);
});

function lines(stdout: string): string[] {
  return stdout.split("\n").filter((line) => line.includes("="));
}

story("the first words are split, patterns expanded, and count for nothing by themselves", {
  ...LATER,
  "words/b": "",
  "words/a": "",
}, async (root) => {
  const first = { S6_CMD_ARG0: " /bin/echo  begin\n/words/* /none/* " };
  const { code, stdout } = await quickly(root, { argv: ["/init", "/words/*", "a b"], environment: first });
  equal(code, 0);
  match(stdout, /^begin \/words\/a \/words\/b \/none\/\* \/words\/\* a b$/m);
  const plain = { S6_CMD_ARG0: "/bin/sh -c", S6_VERBOSITY: "1" };
  const told = await quickly(root, { argv: ["/init", "echo heard; exit 3"], environment: plain });
  deepEqual([told.code, told.stdout], [3, "up a\nheard\ndown a\n"]);
});

story("first words without a command start nothing", {
  ...LATER,
  "etc/services.d/end/run": scriptFile("/run/s6/basedir/bin/halt; exec sleep 1000"),
}, async (root) => {
  const { code, stdout } = await quickly(root, { environment: { S6_CMD_ARG0: "/bin/echo begun" } });
  deepEqual([code, stdout.includes("begun")], [0, false]);
});

/** What the command has printed on the terminal that is standard input, and what has come to the container's output. */
async function atInput(
  root: Root,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly terminal: string; readonly output: string }> {
  const file = `${root.path}/output`;
  const words = "test -t 1 && test -t 2 && echo at a terminal; echo on standard output; echo on standard error >&2";
  const inside = commandLine(root, { argv: ["/init", "/bin/sh", "-c", words], environment });
  const container = new CollectedProcess(atTerminal(["sh", "-c", 'exec "$@" >"$0" 2>&1', file, ...inside]), null);
  const { stdout } = await limited(container);
  return { terminal: stdout, output: await Deno.readTextFile(file) };
}

story("a command that uses the terminal prints there, whatever is logged", LATER, async (root) => {
  for (const more of [{}, { S6_LOGGING: "2" }, { S6_OUTPUT: "prefix" }]) {
    const { terminal, output } = await atInput(root, { S6_CMD_USE_TERMINAL: "1", ...more });
    match(terminal, /at a terminal\r\non standard output\r\non standard error\r\n/);
    ok(!output.includes("on standard"), output);
    const plain = await atInput(root, more);
    ok(!plain.terminal.includes("on standard"), plain.terminal);
  }
});

story("where standard input is no terminal it prints as ever", LATER, async (root) => {
  const argv = ["/init", "/bin/echo", "as ever"];
  const { stdout } = await quickly(root, { argv, environment: { S6_CMD_USE_TERMINAL: "1" } });
  match(stdout, /^as ever$/m);
});
