// What becomes of held pipes in an update, and in which order the holder is asked for it.

import { deepEqual, throws } from "node:assert/strict";
import { systemError } from "../../../../lib/errno.ts";
import type { Graph } from "../../../../lib/rc/graph.ts";
import { conversionsIn } from "../../../../lib/rc/update/conversion.ts";
import { pipeNames, type PipeSteps, pipeSteps, storePipes } from "../../../../lib/rc/update/pipe_storage.ts";
import { planUpdate } from "../../../../lib/rc/update/update_plan.ts";
import { OsError } from "../../../../lib/report.ts";
import { graphIn } from "../graphs.ts";

const held = (consumers: string): Set<string> =>
  new Set(consumers.split(" ").filter(Boolean).flatMap((name) => Object.values(pipeNames(name))));

function stepsOf(before: Graph, after: Graph, holds: Set<string>, conversions = ""): PipeSteps {
  const subject = { before, after, conversions: conversionsIn(conversions), live: "live", database: "new" };
  return pipeSteps(holds, before, after, planUpdate({ ...subject, isUp: () => true }));
}

const OLD = graphIn({ "out>in": "in", in: "", other: "" });

Deno.test("what is the same stays as it is, and what others have stored too", () => {
  const holds = held("in").add("somebody's");
  deepEqual(stepsOf(OLD, OLD, holds), { deletes: [], renames: [], makes: [] });
});

Deno.test("pipes of consumers that are gone are deleted, and new consumers get theirs", () => {
  const after = graphIn({ "out>other": "other", in: "", other: "" });
  deepEqual(stepsOf(OLD, after, held("in")), {
    deletes: ["pipe:s6rc-r-in", "pipe:s6rc-w-in"],
    renames: [],
    makes: ["other"],
  });
});

Deno.test("pipes are renamed with their consumers; what the holder has lost is made", () => {
  const after = graphIn({ "out>ear": "ear", ear: "", other: "" });
  const renames = [
    { from: "pipe:s6rc-r-in", to: "pipe:s6rc-r-ear" },
    { from: "pipe:s6rc-w-in", to: "pipe:s6rc-w-ear" },
  ];
  deepEqual(stepsOf(OLD, after, held("in"), "in -> ear"), { deletes: [], renames, makes: [] });
  deepEqual(stepsOf(OLD, after, held(""), "in -> ear"), { deletes: [], renames: [], makes: ["ear"] });
  deepEqual(stepsOf(OLD, after, new Set(["pipe:s6rc-r-in"]), "in -> ear"), {
    deletes: ["pipe:s6rc-r-in"],
    renames: [],
    makes: ["ear"],
  });
});

interface World {
  readonly os: Parameters<typeof storePipes>[0];
  readonly holder: Parameters<typeof storePipes>[1];
  readonly log: string[];
  readonly open: Set<number>;
}

/** A holder that refuses to store this name, and the descriptors that are open. */
function world(refused = ""): World {
  const log: string[] = [];
  const open = new Set<number>();
  let next = 10;
  const take = (): number => {
    open.add(next);
    return next++;
  };
  const holder = {
    store: ({ name, fd }: { name: string; fd: number }): void => {
      if (name === refused) throw systemError("ask", "", "EEXIST");
      log.push(`store ${fd} as ${name}`);
    },
    delete: (name: string): void => void log.push(`delete ${name}`),
    retrieve: (name: string, remove: boolean): number => {
      log.push(`${remove ? "take" : "get"} ${name}`);
      return take();
    },
  };
  const os = {
    pipe: () => ({ read: take(), write: take() }),
    close: (fd: number): void => void open.delete(fd),
    now: () => ({ seconds: 0, nanoseconds: 0 }),
  };
  return { os, holder, log, open };
}

Deno.test("all that are renamed are taken out before the first is stored again", () => {
  const { os, holder, log, open } = world();
  const renames = [{ from: "a", to: "b" }, { from: "b", to: "a" }];
  storePipes(os, holder, { deletes: ["gone"], renames, makes: ["new"] });
  deepEqual(log, [
    "delete gone",
    "take a",
    "take b",
    "store 10 as b",
    "store 11 as a",
    "store 12 as pipe:s6rc-r-new",
    "store 13 as pipe:s6rc-w-new",
  ]);
  deepEqual([...open], []);
});

Deno.test("a holder that refuses leaves no descriptor with us", () => {
  for (const refused of ["b", "pipe:s6rc-w-new"]) {
    const { os, holder, open } = world(refused);
    const steps = { deletes: [], renames: [{ from: "a", to: "b" }], makes: ["new"] };
    throws(() => storePipes(os, holder, steps), OsError);
    deepEqual([...open], []);
  }
});
