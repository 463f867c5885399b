import { deepEqual, equal } from "node:assert/strict";
import {
  byPresentName,
  filesAfter,
  hasLines,
  inOrderOfWriting,
  isOutOfSight,
  mayFollow,
  newestArchive,
  type OpenedLog,
  removedUnread,
} from "../../../../lib/overlay/logs/log_files.ts";

/** An archive of this moment. */
const archive = (moment: number, suffix = "s"): string => `@${`${moment}`.padStart(24, "0")}.${suffix}`;

Deno.test("files with lines are archives, previous and current, and come in this order", () => {
  const names = ["current", "state", archive(2, "u"), "lock", "previous", archive(10), "processed", archive(1), "@x.s"];
  const ordered = [archive(1), archive(2, "u"), archive(10), "previous", "current"];
  deepEqual(inOrderOfWriting(names), ordered);
  deepEqual(names.filter(hasLines).length, ordered.length);
  equal(newestArchive(names), archive(10));
  equal(newestArchive(["current"]), "");
});

interface Row {
  /** Names and inodes of what is there now. */
  readonly there: Readonly<Record<string, number>>;
  readonly last?: OpenedLog;
  readonly next: readonly string[];
}

const current = { name: "current", inode: 5, newestBefore: archive(4) };
const first = { name: "current", inode: 5, newestBefore: "" };

const ROWS: Readonly<Record<string, Row>> = {
  "at first all files": {
    there: { [archive(1)]: 1, [archive(2)]: 2, current: 3 },
    next: [archive(1), archive(2), "current"],
  },
  "nothing follows current": { there: { [archive(4)]: 4, current: 5 }, last: current, next: [] },
  "after a rotation the new current": {
    there: { [archive(4)]: 4, [archive(9)]: 5, current: 6 },
    last: current,
    next: ["current"],
  },
  "in the middle of a rotation nothing yet": { there: { [archive(4)]: 4, previous: 5 }, last: current, next: [] },
  "in the middle of a rotation the new current": {
    there: { [archive(4)]: 4, previous: 5, current: 6 },
    last: current,
    next: ["current"],
  },
  "what was written in between": {
    there: { [archive(4)]: 4, [archive(5)]: 5, [archive(6)]: 6, [archive(7)]: 7, previous: 8, current: 9 },
    last: current,
    next: [archive(6), archive(7), "previous", "current"],
  },
  "a file that is being archived is read once": {
    there: { [archive(5)]: 5, [archive(6)]: 6, previous: 6, current: 9 },
    last: current,
    next: [archive(6), "current"],
  },
  "what a processor has made of a file that was read is not read": {
    there: { [archive(4)]: 4, [archive(5)]: 77, [archive(6)]: 78, current: 9 },
    last: current,
    next: [archive(6), "current"],
  },
  "a file that was removed does not hide the next current": { there: { current: 9 }, last: current, next: ["current"] },
  "the first archive of all, of what was read": {
    there: { [archive(5)]: 5, current: 6 },
    last: first,
    next: ["current"],
  },
  "after an archive the later ones": {
    there: { [archive(1)]: 1, [archive(2)]: 2, [archive(3)]: 3, current: 4 },
    last: { name: archive(2), inode: 2, newestBefore: "" },
    next: [archive(3), "current"],
  },
  "after an archive that was removed the later ones": {
    there: { [archive(3)]: 3, current: 4 },
    last: { name: archive(2), inode: 2, newestBefore: "" },
    next: [archive(3), "current"],
  },
};

for (const [what, { there, last, next }] of Object.entries(ROWS)) {
  Deno.test(`files to be read next: ${what}`, () => {
    const names = inOrderOfWriting(Object.keys(there)).filter((name) => mayFollow(name, last));
    const files = names.map((name) => ({ name, inode: there[name]! }));
    deepEqual(filesAfter(files, last).map(({ name }) => name), next);
  });
}

const OUT_OF_SIGHT:
  readonly (readonly [what: string, there: Readonly<Record<string, number>>, OpenedLog | undefined, boolean])[] = [
    ["nothing was read", { [archive(1)]: 1, [archive(2)]: 2 }, undefined, false],
    ["it is there still", { [archive(8)]: 8, [archive(9)]: 5, current: 6 }, current, false],
    [
      "a processor has it, and the archive before is there",
      { [archive(4)]: 4, [archive(5)]: 77, current: 6 },
      current,
      false,
    ],
    ["the archive before has gone too", { [archive(7)]: 77, current: 6 }, current, true],
    ["nothing was before, and one archive came", { [archive(7)]: 77, current: 6 }, first, false],
    ["nothing was before, and several came", { [archive(7)]: 77, [archive(8)]: 78, current: 6 }, first, true],
    [
      "it was an archive",
      { [archive(7)]: 77, [archive(8)]: 78 },
      { name: archive(2), inode: 2, newestBefore: "" },
      false,
    ],
  ];

Deno.test("where the archives behind a file may have been removed, that is known", () => {
  for (const [what, there, last, expected] of OUT_OF_SIGHT) {
    const names = Object.keys(there);
    const files = inOrderOfWriting(names.filter((name) => mayFollow(name, last)));
    equal(isOutOfSight(files.map((name) => ({ name, inode: there[name]! })), last, names), expected, what);
  }
});

Deno.test("a file has the name of its archive once it has one, and archives that went unread are counted", () => {
  equal(byPresentName([{ name: archive(9), inode: 5 }, { name: "current", inode: 6 }], current).name, archive(9));
  equal(byPresentName([{ name: "previous", inode: 5 }], current).name, "current");
  const [eight, nine] = [{ name: archive(8), inode: 8 }, { name: archive(9), inode: 9 }];
  equal(removedUnread([eight, nine, { name: "current", inode: 10 }], [nine]), 1);
});
