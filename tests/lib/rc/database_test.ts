// Databases: what is written is read, those of the original come out byte for byte, and broken ones are refused.

import { deepEqual, equal } from "node:assert/strict";
import { encodeCdb } from "../../../lib/cdb.ts";
import { compileDefinitions } from "../../../lib/rc/compile.ts";
import { databaseSize, decodeSizes, encodeDatabase, encodeSizes } from "../../../lib/rc/database.ts";
import { faultOfServices } from "../../../lib/rc/database_check.ts";
import { type Database, readDatabase, writeDatabase } from "../../../lib/rc/database_directory.ts";
import { BrokenDatabase, decodeDatabase, decodeResolve } from "../../../lib/rc/database_reader.ts";
import { Failure } from "../../../lib/report.ts";
import { Random } from "../../random/random.ts";
import { bytesOf, readRecording } from "../../recorded/recording.ts";
import { type DiskFiles, filesIn } from "./disk.ts";
import { randomDefinitions } from "./random_definitions.ts";

const quiet = (): void => {};

function written(database: Database): DiskFiles {
  const disk: DiskFiles = new Map();
  writeDatabase(filesIn(disk), "d", database, quiet);
  return disk;
}

Deno.test("random sets of services are read as they were written, and written again byte for byte", () => {
  const random = new Random(4);
  for (let round = 0; round < 500; round++) {
    const { graph, order } = compileDefinitions(randomDefinitions(random), quiet);
    const disk = written({ graph, order });
    const read = readDatabase(filesIn(disk), "d");
    deepEqual(read, { graph, order });
    deepEqual([...read.graph.bundles], [...graph.bundles]);
    deepEqual(written(read), disk);
  }
});

Deno.test("the original's databases are read, and written again byte for byte", () => {
  let count = 0;
  for (const [name, { files }] of readRecording()) {
    const names = ["n", "db", "resolve.cdb"];
    if (names.some((file) => !/ file /.test(files[`d/${file}`] ?? ""))) continue;
    const disk: DiskFiles = new Map(names.map((file) => [`d/${file}`, bytesOf(files[`d/${file}`]!)]));
    let read: Database;
    try {
      read = readDatabase(filesIn(disk), "d");
    } catch (error) {
      // Rows that break one on purpose.
      equal(error instanceof Failure && error.code === 4, true, name);
      continue;
    }
    count++;
    deepEqual(written(read), disk, name);
  }
  equal(count > 100, true, `${count} databases`);
});

Deno.test("a database that is changed anywhere is refused, or is a graph that can be changed", () => {
  const random = new Random(5);
  for (let round = 0; round < 4000; round++) {
    const disk = written(compileDefinitions(randomDefinitions(random), quiet));
    const file = random.pick([...disk.keys()]);
    const bytes = disk.get(file)!;
    if (random.chance(0.2)) disk.set(file, bytes.slice(0, random.below(bytes.length)));
    const changes = 1 + random.below(4);
    for (let change = 0; change < changes; change++) {
      bytes[random.below(bytes.length)] = random.pick([0, 1, 2, 254, 255, random.below(256)]);
    }
    try {
      const { services } = readDatabase(filesIn(disk), "d").graph;
      equal(faultOfServices(services), undefined);
    } catch (error) {
      equal(error instanceof Failure && error.code === 4, true, String(error));
    }
  }
});

Deno.test("sizes that no file has do not cost the memory that they speak of", () => {
  const huge = 0xffffffff;
  const sizes = { oneshots: huge, longruns: huge, strings: huge, words: huge, dependencies: huge, producers: huge };
  deepEqual(decodeSizes(encodeSizes(sizes)), sizes);
  equal(decodeSizes(encodeSizes(sizes).subarray(1)), undefined);
  const disk = written(compileDefinitions([], quiet));
  disk.set("d/n", encodeSizes(sizes));
  const refused = (): string => {
    try {
      readDatabase(filesIn(disk), "d");
      return "";
    } catch (error) {
      return String(error);
    }
  };
  equal(/invalid service database in d\/db: it has \d+ bytes/.test(refused()), true);
  // More words than there are strings, in a file of the right size.
  disk.set("d/n", encodeSizes({ ...encodeDatabase(compileDefinitions([], quiet).graph, [0, 1]).sizes, words: huge }));
  equal(refused(), "Error: invalid service database in d/db: n speaks of more words than the records do");
});

Deno.test("the size of a file db follows from its sizes", () => {
  const random = new Random(6);
  for (let round = 0; round < 100; round++) {
    const { graph, order } = compileDefinitions(randomDefinitions(random), quiet);
    const { sizes, bytes } = encodeDatabase(graph, order);
    equal(bytes.length, databaseSize(sizes));
    deepEqual(decodeDatabase(sizes, bytes).services, graph.services);
  }
});

Deno.test("names that lead to no service, twice or not at all are refused", () => {
  const { graph: { services } } = compileDefinitions([], quiet);
  const [runner, holder] = services.map(({ name }) => name) as [string, string];
  const number = (value: number): string => `\0\0\0${String.fromCharCode(value)}`;
  const whole: [string, string][] = [[runner, number(0)], [holder, number(1)]];
  const told = (...records: [string, string][]): string => {
    try {
      return JSON.stringify([...decodeResolve(encodeCdb(records), services)]);
    } catch (error) {
      if (!(error instanceof BrokenDatabase)) throw error;
      return error.message;
    }
  };
  equal(told(...whole, ["b", number(1)], ["a", number(0) + number(1)]), '[["a",[0,1]],["b",[1]]]');
  equal(told(...whole, ["a", number(2)]), "a stands for 2, the number of no service");
  equal(told(...whole, ["a", "\0\0\0"]), "a stands for a part of a number");
  equal(told(...whole, ["a", ""], ["a", ""]), "a is there twice");
  equal(told(...whole.slice(1)), "not all services are there");
});

Deno.test("services that could not be changed are seen", () => {
  const base = { essential: false, recommended: false, timeoutUp: 0, timeoutDown: 0 };
  const longrun = (
    name: string,
    needs: number[],
    neededBy: number[],
    more = {},
  ): Parameters<typeof faultOfServices>[0][0] =>
    ({ kind: "longrun", name, ...base, needs, neededBy, consumer: undefined, producers: [], ...more }) as const;
  equal(faultOfServices([longrun("a", [], [1]), longrun("b", [0], [])]), undefined);
  const mismatched = "direct and reverse dependencies are mismatched";
  equal(faultOfServices([longrun("a", [], []), longrun("b", [0], [])]), mismatched);
  equal(faultOfServices([longrun("a", [], [1]), longrun("b", [], [])]), mismatched);
  equal(faultOfServices([longrun("a", [], [1, 1]), longrun("b", [0, 0], [])]), mismatched);
  equal(
    faultOfServices([longrun("a", [1], [1]), longrun("b", [0], [0])]),
    "dependency cycle reached from b and involving b",
  );
  equal(
    faultOfServices([longrun("a", [], [], { producers: [1] }), longrun("b", [], [])]),
    "pipeline collision reached from a and involving b",
  );
  equal(
    faultOfServices([longrun("a", [], []), longrun("b", [], [], { consumer: 0 })]),
    "pipeline collision reached from b and involving a",
  );
  equal(
    faultOfServices([
      longrun("a", [], [], { producers: [1], consumer: 1 }),
      longrun("b", [], [], { producers: [0], consumer: 0 }),
    ]),
    "pipeline cycle reached from a and involving a",
  );
});
