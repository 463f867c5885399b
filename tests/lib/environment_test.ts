// Environments as values, small ones and ones with tens of thousands of words.

import { deepEqual, equal } from "node:assert/strict";
import { Environment } from "../../lib/environment.ts";
import { Random } from "../random/random.ts";

Deno.test("the first of several words for a name counts, and a word without a value is carried along", () => {
  const environment = Environment.of(["A=1", "A=2", "B", "C="]);
  deepEqual(environment.toWords(), ["A=1", "B", "C="]);
  deepEqual([...environment], [["A", "1"], ["C", ""]]);
  deepEqual([environment.get("B"), environment.has("B"), environment.has("C")], [undefined, false, true]);
});

/** The plain way to do it: one map, copied for each change. */
class Plain {
  constructor(private readonly map: ReadonlyMap<string, string | undefined>) {}

  with(changes: readonly (readonly [string, string | undefined])[]): Plain {
    const map = new Map(this.map);
    for (const [name, value] of changes) {
      if (value === undefined) map.delete(name);
      else map.set(name, value);
    }
    return new Plain(map);
  }

  toWords(): string[] {
    return [...this.map].map(([name, value]) => value === undefined ? name : `${name}=${value}`);
  }
}

for (const size of [0, 3, 250, 300, 3000]) {
  Deno.test(`changes to ${size} variables come to what a copy of them all would`, () => {
    const random = new Random(size);
    const names = Array.from({ length: size + 20 }, (_, at) => `v${at}`);
    const words = names.slice(0, size).map((name, at) => at % 50 === 7 ? name : `${name}=0`);
    let environment = Environment.of(words);
    let plain = new Plain(new Map(words.map((word) => [word.split("=")[0]!, word.split("=")[1]])));
    for (let round = 0; round < 200; round++) {
      const changes = Array.from({ length: random.below(4) }, () => {
        const name = random.chance(0.7) ? `v${random.below(8)}` : random.pick(names);
        return [name, random.chance(0.4) ? undefined : `${round}`] as const;
      });
      const before = environment;
      const wordsBefore = round % 20 === 0 ? before.toWords() : undefined;
      environment = environment.with(changes);
      plain = plain.with(changes);
      deepEqual(environment.toWords(), plain.toWords());
      for (const [name] of changes) equal(`${name}=${environment.get(name)}`, `${name}=${value(plain, name)}`);
      if (wordsBefore !== undefined) deepEqual(before.toWords(), wordsBefore);
    }
  });
}

function value(plain: Plain, name: string): string | undefined {
  return plain.toWords().find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}
