// A user's process that keeps exchanging two names, as fast as it can, while root works on them. Run as a program it
// races until it is killed; its arguments are the uid and the two paths.

import { cString, PLACE, syscall } from "../../lib/os/libc.ts";
import { setGroups } from "../../lib/os/process.ts";
import { SYS } from "../../lib/os/syscall_numbers.ts";

const HERE = -100; // AT_FDCWD
const EXCHANGE = 2; // RENAME_EXCHANGE
const PASSING = [2, 13]; // ENOENT, EACCES: root is laying the tree

/** A user's race that is over at the end of the block. */
export async function race(uid: number, one: string, other: string): Promise<AsyncDisposable> {
  const args = ["run", "-A", import.meta.url, `${uid}`, one, other];
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped" }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await reader.cancel();
      await child.status;
    },
  };
}

function run(uid: number, one: string, other: string): never {
  setGroups([]);
  // Of the calling thread only, which is the one that renames.
  if (syscall(SYS.setresgid, uid, uid, uid) !== 0 || syscall(SYS.setresuid, uid, uid, uid) !== 0) {
    throw new Error("cannot become the user");
  }
  for (let exchanges = 0;; exchanges++) {
    const result = syscall(SYS.renameat2, HERE, cString(one), HERE, cString(other, PLACE.secondPath), EXCHANGE);
    if (exchanges === 1000) console.log("racing");
    if (result !== 0 && !PASSING.includes(-result)) throw new Error(`cannot exchange: error ${-result}`);
  }
}

if (import.meta.main) run(Number(Deno.args[0]), Deno.args[1]!, Deno.args[2]!);
