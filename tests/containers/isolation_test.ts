// What a container's environment holds is meant for the user's programs: it must reach them as it is, and must not change
// what ours do. Each hostile setting boots the same container, and the same must come out.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { boot, runToEnd, type Setting } from "../surroundings/container.ts";

/** A container that runs an execline script, a shell script and a service, and then stops itself. */
function probe(environment: Record<string, string>): Setting {
  const files = {
    "etc/cont-init.d/1": "#!/usr/bin/execlineb -P\nwith-contenv\nimportas MARK MARK\ns6-echo script: $MARK\n",
    "etc/cont-init.d/2": "#!/usr/bin/with-contenv sh\necho shell: $MARK\n",
    "etc/services.d/work/run":
      "#!/usr/bin/with-contenv sh\necho service: $MARK\nexec s6-svscanctl -t /var/run/s6/services\n",
    "etc/services.d/work/finish": "#!/bin/sh\nexit 125\n",
  };
  return { files, environment: { MARK: "as it was", ...environment } };
}

interface Seen {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function see(setting: Setting): Promise<Seen> {
  const { code, stdout, stderr } = await runToEnd(setting);
  return { code, stdout, stderr };
}

const USUAL: Seen = {
  code: 0,
  stdout: `[s6-init] making user provided files available at /var/run/s6/etc...exited 0.
[s6-init] ensuring user provided files have correct perms...exited 0.
[fix-attrs.d] applying ownership & permissions fixes...
[fix-attrs.d] done.
[cont-init.d] executing container initialization scripts...
[cont-init.d] 1: executing... 
script: as it was
[cont-init.d] 1: exited 0.
[cont-init.d] 2: executing... 
shell: as it was
[cont-init.d] 2: exited 0.
[cont-init.d] done.
[services.d] starting services
[services.d] done.
service: as it was
[cont-finish.d] executing container finish scripts...
[cont-finish.d] done.
[s6-finish] waiting for services.
[s6-finish] sending all processes the TERM signal.
[s6-finish] sending all processes the KILL signal and exiting.
`,
  stderr: "",
};

const HOSTILE: Readonly<Record<string, Record<string, string>>> = {
  "nothing special": {},
  "LD_PRELOAD of a library that does not fit": { LD_PRELOAD: "/lib/libfoo.so" },
  "LD_LIBRARY_PATH": { LD_LIBRARY_PATH: "/nowhere:/tmp" },
  "GLIBC_TUNABLES": { GLIBC_TUNABLES: "glibc.malloc.check=3" },
  "flags for the JavaScript engine": { DENO_V8_FLAGS: "--no-such-flag", NODE_OPTIONS: "--no-such-option" },
  "telemetry of the runtime": { OTEL_DENO: "true", OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" },
  "settings of the runtime": { DENO_DIR: "/etc/passwd", NO_COLOR: "", FORCE_COLOR: "1", RUST_BACKTRACE: "full" },
  "an empty HOME": { HOME: "" },
  "a large environment": Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`LARGE_${at}`, "x".repeat(2000)])),
};

for (const [name, environment] of Object.entries(HOSTILE)) {
  Deno.test(`the boot is the same with ${name}`, async () => {
    deepEqual(await see(probe(environment)), USUAL);
  });
}

Deno.test("the boot is the same with libraries that the image loads into every program", async () => {
  const setting = probe({});
  deepEqual(await see({ ...setting, files: { ...setting.files, "etc/ld.so.preload": "/lib/libfoo.so\n" } }), USUAL);
});

/** Boots by way of a shell that first runs these lines. */
function after(lines: string, ...command: string[]): Setting {
  return { entrypoint: ["/bin/sh", "-c", `${lines}\nexec /init "$@"`, "sh"], arguments: command };
}

async function commandOutput(setting: Setting): Promise<string> {
  const { stdout, stderr } = await runToEnd(setting);
  equal(stderr, "");
  const start = stdout.indexOf("[services.d] done.\n") + "[services.d] done.\n".length;
  return stdout.slice(start, stdout.lastIndexOf("[cmd]"));
}

Deno.test("with HOME and PATH unset, PATH is the usual one and HOME stays unset", async () => {
  const setting = after("unset HOME PATH", "/bin/sh", "-c", 'echo "${HOME-none} $PATH"');
  const path = "/command:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  equal(await commandOutput(setting), `none ${path}\n`);
});

Deno.test("values and arguments that are not UTF-8 arrive byte for byte", async () => {
  const show = 'printf "%s|%s" "$RAW" "$1" | od -An -tx1; printcontenv RAW | od -An -tx1';
  const setting = after(
    "export RAW=$(printf 'a\\377\\n\\200b'); set -- \"$@\" $(printf '\\376')",
    "/bin/sh",
    "-c",
    show,
    "sh",
  );
  equal(await commandOutput(setting), " 61 ff 0a 80 62 7c fe\n 61 ff 0a 80 62 0a\n");
});

Deno.test("with-contenv gives a script the container's environment and nothing else", async () => {
  const environment = { LD_PRELOAD: "/x.so", DENO_DIR: "/y", NODE_OPTIONS: "--z", NO_COLOR: "", OTEL_DENO: "true" };
  const files = { "etc/cont-init.d/1": "#!/bin/sh\nOTHER=1 with-contenv env | sort\n" };
  const { stdout, stderr } = await runToEnd({
    files,
    environment,
    arguments: ["/bin/true"],
    workingDirectory: "/home",
  });
  equal(stderr, "");
  for (const [name, value] of Object.entries(environment)) match(stdout, new RegExp(`^${name}=${value}$`, "m"));
  match(stdout, /^CWD=\/home$/m);
  ok(!/^(OTHER|OVERLAY_)/m.test(stdout), stdout);
});

Deno.test("limits on open files reach scripts, services and the command unchanged", async () => {
  const line = 'echo "$(ulimit -Sn) $(ulimit -Hn)"';
  const files = {
    "etc/cont-init.d/1": `#!/usr/bin/with-contenv sh\n${line}\n`,
    "etc/services.d/work/run": `#!/bin/sh\n${line}\nexec sleep 1000\n`,
  };
  await using container = await boot({
    files,
    openFiles: "333:4444",
    arguments: ["/bin/sh", "-c", `${line}; sleep 1000`],
  });
  await container.printed("333 4444\n", 3);
});

for (const [how, trap, seen] of [["default", "", 0], ["ignored", "trap '' PIPE", 1]] as const) {
  Deno.test(`SIGPIPE that was ${how} is so for the command`, async () => {
    // Bit 12 of SigIgn is SIGPIPE.
    const show = "echo $(( 0x$(sed -n 's/^SigIgn:.//p' /proc/self/status) >> 12 & 1 ))";
    equal(await commandOutput(after(trap, "/bin/sh", "-c", show)), `${seen}\n`);
  });
}

Deno.test("no signal is blocked or ignored in scripts, services and the command", async () => {
  const line = "sed -n 's/^Sig\\(Blk\\|Ign\\):./\\1 /p' /proc/self/status";
  const files = {
    "etc/cont-init.d/1": `#!/bin/sh\n${line}\n`,
    "etc/services.d/work/run": `#!/bin/sh\n${line}\nexec sleep 1000\n`,
  };
  await using container = await boot({ files, arguments: ["/bin/sh", "-c", `${line}; sleep 1000`] });
  await container.printed("Blk 0000000000000000\nIgn 0000000000000000\n", 3);
});

Deno.test("scripts and the command have the descriptors that the container was given, and no other", async () => {
  const line = "echo fds $(ls /proc/self/fd)";
  const given = await runToEnd({ entrypoint: ["/bin/sh", "-c"], arguments: [line] });
  const files = { "etc/cont-init.d/1": `#!/usr/bin/with-contenv sh\n${line}\n` };
  const { stdout } = await runToEnd({ files, arguments: ["/bin/sh", "-c", line] });
  deepEqual(stdout.match(/^fds .*\n/gm), [given.stdout, given.stdout]);
});

Deno.test("a program works in a directory that is removed, or that it may not read", async () => {
  const lines = "mkdir /gone /locked; chmod 711 /locked; cd /gone; rmdir /gone; s6-echo removed; " +
    "cd /locked; s6-setuidgid nobody s6-echo locked";
  equal(await commandOutput({ arguments: ["/bin/sh", "-c", lines] }), "removed\nlocked\n");
});

Deno.test("the environment shows in no command line", async () => {
  const environment = { SECRET: "correct-horse-battery-staple" };
  const files = { "etc/services.d/work/run": "#!/usr/bin/execlineb -P\nwith-contenv\nsleep 1000\n" };
  const show = "sleep 0.2; cat /proc/[0-9]*/cmdline | tr '\\0' ' '";
  const seen = await commandOutput({ environment, files, arguments: ["/bin/sh", "-c", show] });
  match(seen, /\/init/);
  ok(!seen.includes(environment.SECRET), seen);
});
