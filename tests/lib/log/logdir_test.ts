import { deepEqual, equal, ok } from "node:assert/strict";
import { Logdir } from "../../../lib/log/logdir.ts";
import { OsError } from "../../../lib/report.ts";
import { bytes, MemoryFiles } from "./memory_files.ts";
import { archives, DEFAULTS, Host, line, union } from "./memory_host.ts";

Deno.test("a file is rotated at the first line end that reaches the size, however many lines come at once", () => {
  const host = new Host(new MemoryFiles());
  const directory = new Logdir(host, "d", { ...DEFAULTS, tolerance: 500 });
  directory.write(bytes(Array.from({ length: 9 }, (_, number) => line(number)).join("")));
  deepEqual(archives(host.os).map((name) => host.os.contents()[name]!.length), [4000, 4000]);
  equal(host.os.contents()["d/current"], line(8));
});

Deno.test("archives are marked as complete, current only after a clean end", () => {
  const host = new Host(new MemoryFiles());
  const directory = new Logdir(host, "d", DEFAULTS);
  directory.write(bytes(line(1, 4096) + line(2)));
  equal(host.os.files.get(archives(host.os)[0]!)!.mode, 0o744);
  equal(host.os.files.get("d/current")!.mode, 0o644);
  directory.close();
  ok(directory.closed);
  equal(host.os.files.get("d/current")!.mode, 0o744);
});

Deno.test("a clean current is continued", () => {
  const files = new MemoryFiles();
  const first = new Logdir(new Host(files), "d", DEFAULTS);
  first.write(bytes("a\n"));
  first.close();
  new Logdir(new Host(files), "d", DEFAULTS).write(bytes("b\n"));
  equal(files.contents()["d/current"], "a\nb\n");
  deepEqual(archives(files), []);
});

Deno.test("what an unclean stop left is archived, each file under a name of its own", () => {
  const files = new MemoryFiles();
  for (const name of ["current", "previous", "processed", "state", "newstate"]) {
    files.writeFile(`d/${name}`, `${name}\n`);
  }
  new Logdir(new Host(files), "d", DEFAULTS);
  const [first, second, ...more] = archives(files);
  deepEqual(more, []);
  equal(files.contents()[first!], "previous\n");
  equal(files.contents()[second!], "current\n");
  ok(first!.endsWith(".u") && second!.endsWith(".u"));
  equal(files.contents()["d/state"], "");
  equal(files.contents()["d/current"], "");
});

Deno.test("a complete output of the processor replaces the file it was made from", () => {
  const files = new MemoryFiles();
  for (const name of ["current", "previous", "processed"]) files.writeFile(`d/${name}`, `${name}\n`);
  files.chmod("d/processed", 0o744);
  new Logdir(new Host(files), "d", DEFAULTS);
  deepEqual(archives(files).map((name) => [name.at(-1), files.contents()[name]]), [["s", "processed\n"], [
    "u",
    "current\n",
  ]]);
});

Deno.test("the oldest archives go when there are too many or they are too large", () => {
  for (const [keeping, left] of [[{ archives: 2 }, 2], [{ archives: 0 }, 0], [{ total: 9000 }, 2]] as const) {
    const host = new Host(new MemoryFiles());
    const directory = new Logdir(host, "d", { ...DEFAULTS, ...keeping });
    for (let number = 0; number < 5; number++) {
      host.os.clock++;
      directory.write(bytes(line(number, 4096)));
    }
    deepEqual(archives(host.os).map((name) => host.os.contents()[name]![0]), ["3", "4"].slice(2 - left));
  }
});

Deno.test("names that are no archives are never removed", () => {
  const host = new Host(new MemoryFiles());
  host.os.writeFile("d/@4000000000000000000000zz.s", "mine");
  const directory = new Logdir(host, "d", { ...DEFAULTS, archives: 0 });
  directory.write(bytes(line(1, 4096)));
  equal(host.os.contents()["d/@4000000000000000000000zz.s"], "mine");
});

Deno.test("an empty file is not rotated on demand", () => {
  const host = new Host(new MemoryFiles());
  const directory = new Logdir(host, "d", DEFAULTS);
  directory.rotate();
  deepEqual(archives(host.os), []);
  directory.write(bytes("a\n"));
  directory.rotate();
  equal(archives(host.os).length, 1);
});

for (const processor of [undefined, ["cat"]]) {
  const kind = processor === undefined ? "plain" : "processed";
  Deno.test(`each step of a ${kind} rotation may fail: there is a warning, then it goes on and loses nothing`, () => {
    const input = line(1, 4096) + line(2, 100);
    let steps = 0;
    for (let failing = 0;; failing++) {
      const host = new Host(new MemoryFiles());
      const directory = new Logdir(host, "d", { ...DEFAULTS, processor });
      let call = 0;
      host.os.before = (name, object) => {
        if (call++ === failing) throw new OsError(name, object, "EIO", "Input/output error");
      };
      directory.write(bytes(input));
      host.settle();
      directory.close();
      host.settle();
      ok(directory.closed);
      equal(union(host.os).replace(/[<>]/g, ""), input);
      equal(archives(host.os).length, 1);
      if (call <= failing) break;
      steps++;
      equal(host.warnings.length, 1, `call ${failing}`);
      ok(host.warnings[0]!.endsWith("Input/output error"), host.warnings[0]);
    }
    ok(steps >= 8);
  });
}

Deno.test("a processor that fails runs again, and lines wait meanwhile", () => {
  const host = new Host(new MemoryFiles());
  const codes = [1 << 8, 9, 0];
  host.processor = () => codes.shift()!;
  const directory = new Logdir(host, "d", { ...DEFAULTS, processor: ["x"] });
  directory.write(bytes(line(1, 4096)));
  directory.write(bytes("later\n"));
  ok(directory.busy);
  equal(host.os.contents()["d/current"], "");
  directory.close();
  host.settle();
  ok(directory.closed);
  deepEqual(host.warnings, ["processor failed in d", "processor crashed in d"]);
  equal(host.os.contents()["d/current"], "later\n");
  equal(host.os.contents()["d/state"], "new");
});

Deno.test("a processor that cannot be started is tried again", () => {
  const host = new Host(new MemoryFiles());
  const reasons = [new OsError("fork", "", "EAGAIN", "Resource temporarily unavailable"), new Error("no execlineb")];
  const process = host.process.bind(host);
  host.process = (path, words, ended) => {
    const reason = reasons.shift();
    if (reason === undefined) process(path, words, ended);
    else ended(reason);
  };
  const directory = new Logdir(host, "d", { ...DEFAULTS, processor: ["x"] });
  directory.write(bytes(line(1, 4096)));
  directory.write(bytes("later\n"));
  host.settle();
  deepEqual(host.warnings, [
    "unable to fork processor for logdir d: Resource temporarily unavailable",
    "unable to fork processor for logdir d: no execlineb",
  ]);
  equal(host.os.contents()["d/current"], "later\n");
  equal(archives(host.os).length, 1);
  equal(directory.busy, false);
});

Deno.test("short writes and a full disk neither lose nor repeat a byte", () => {
  const host = new Host(new MemoryFiles());
  host.os.writeAtMost = 333;
  let call = 0;
  host.os.before = (name) => {
    if (name === "write" && ++call % 7 === 0) throw new OsError("write", "", "ENOSPC", "No space left on device");
  };
  const directory = new Logdir(host, "d", DEFAULTS);
  let input = "";
  for (let number = 0; number < 30; number++) {
    input += line(number, 900);
    directory.write(bytes(line(number, 900)));
    if (number % 4 === 0) host.timers.shift()?.();
  }
  directory.close();
  host.settle();
  ok(directory.closed);
  equal(union(host.os), input);
  ok(host.warnings.every((text) => text === "unable to write to d/current: No space left on device"));
});
