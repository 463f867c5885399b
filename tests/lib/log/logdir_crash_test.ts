import { deepEqual, equal, ok } from "node:assert/strict";
import { Logdir } from "../../../lib/log/logdir.ts";
import { bytes, MemoryFiles } from "./memory_files.ts";
import { archives, DEFAULTS, Host, line, union } from "./memory_host.ts";

class Crash extends Error {}

const INPUT = Array.from({ length: 12 }, (_, number) => line(number, 700)).join("");

/** Lets a logger work until it is to make this call. @returns false if it came to its end before */
function workUntil(last: number, files: MemoryFiles, processor: readonly string[] | undefined): boolean {
  let call = 0;
  files.before = () => {
    if (call++ === last) throw new Crash();
  };
  try {
    const host = new Host(files);
    const directory = new Logdir(host, "d", { ...DEFAULTS, processor });
    directory.write(bytes(INPUT));
    host.settle();
    directory.close();
    host.settle();
    return false;
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    return true;
  } finally {
    files.before = () => {};
    files.clock++;
  }
}

function lines(text: string): string[] {
  return [...new Set(text.replace(/[<>]/g, "").split("\n"))].sort();
}

function leftOver(files: MemoryFiles): string[] {
  return [...files.files.keys()].filter((name) => /previous|processed|newstate/.test(name));
}

for (const processor of [undefined, ["cat"]]) {
  const kind = processor === undefined ? "plain" : "processed";

  Deno.test(`after a crash at any call of a ${kind} rotation the next start finds every line once`, () => {
    for (let last = 0, crashed = true; crashed; last++) {
      const files = new MemoryFiles();
      crashed = workUntil(last, files, processor);
      const written = union(files);
      new Logdir(new Host(files), "d", DEFAULTS);
      deepEqual(leftOver(files), []);
      equal(union(files).split("\n").length, new Set(union(files).split("\n")).size, `crash at call ${last}`);
      deepEqual(lines(union(files)), lines(written), `crash at call ${last}`);
    }
  });

  Deno.test(`so it does when the start after a crash of a ${kind} rotation crashes too, at any call`, () => {
    for (let last = 0, crashed = true; crashed; last++) {
      for (let next = 0, again = true; again; next++) {
        const files = new MemoryFiles();
        crashed = workUntil(last, files, processor);
        const written = lines(union(files));
        again = workUntil(next, files, processor);
        new Logdir(new Host(files), "d", DEFAULTS);
        deepEqual(leftOver(files), []);
        const left = lines(union(files));
        deepEqual(written.filter((text) => !left.includes(text)), [], `crash at call ${last}, then ${next}`);
      }
    }
  });

  Deno.test(`after a power failure at any call of a ${kind} rotation nothing is lost that was synced or marked`, () => {
    for (let last = 0, crashed = true; crashed; last++) {
      const files = new MemoryFiles();
      crashed = workUntil(last, files, processor);
      for (const [name, { mode, content, synced }] of files.files) {
        if ((mode & 0o100) !== 0) equal(content, synced, `${name} is marked, crash at call ${last}`);
      }
      files.losePower();
      new Logdir(new Host(files), "d", DEFAULTS);
      const left = lines(union(files));
      const safe = lines([...files.everSynced].join("\n"));
      deepEqual(safe.filter((text) => !left.includes(text) && text !== "new"), [], `crash at call ${last}`);
      if (last > 20) ok(archives(files).length > 0);
    }
  });
}
