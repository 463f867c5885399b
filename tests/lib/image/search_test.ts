// How far process 1 looks for its own programs in a PATH.

import { deepEqual, equal, throws } from "node:assert/strict";
import { Environment } from "../../../lib/environment.ts";
import { ProcessImage } from "../../../lib/image/image.ts";
import { candidates } from "../../../lib/image/locate.ts";
import type { Credentials } from "../../../lib/os/operands.ts";
import { GuardedSearch } from "../../../lib/image/guarded_search.ts";

/** A search in which no file is there, and how often it looked. */
function search(): { readonly search: GuardedSearch; readonly looked: () => number } {
  let looked = 0;
  const door = {
    hold: () => 3,
    find: () => void looked++,
    mayExecute: () => false,
    readHead: () => "",
    readProgram: () => ({ head: "", mayExecute: false }),
    readLink: () => "",
  };
  const credentials = (): Credentials => ({ uid: 0, gid: 0, groups: [] });
  const own = { isOurs: () => false, isName: () => true, isUsual: () => true, standIn: () => undefined };
  return { search: new GuardedSearch({ close: () => {}, credentials, door }, own), looked: () => looked };
}

function command(path: string): ProcessImage {
  return ProcessImage.of(["cd"], Environment.of([`PATH=${path}`]));
}

Deno.test("an element of PATH that is empty is the working directory", () => {
  deepEqual(candidates("cd", "/a::/b:"), ["/a/cd", "cd", "/b/cd", "cd"]);
  deepEqual(candidates("cd", ""), ["cd"]);
  deepEqual(candidates("x/cd", "/a"), ["x/cd"]);
});

Deno.test("a PATH of thousands of places is for a process of its own", () => {
  const { search: long, looked } = search();
  throws(() => long.locate(command("/bin:".repeat(20_000) + "/bin")));
  equal(looked(), 16);
  equal(search().search.locate(command("/bin:/sbin")).paths.length, 2);
});
