// Digests of files, and the sums beside them that `sha256sum -c` takes.

import { hexadecimal } from "./command.ts";

/** The digest of a file's content, in hexadecimal. */
export async function digestOf(path: string, algorithm: "SHA-256" | "SHA-1" = "SHA-256"): Promise<string> {
  return hexadecimal(await crypto.subtle.digest(algorithm, await Deno.readFile(path)));
}

/** Writes PATH.sha256, which names the file without its directory. */
export async function writeSum(path: string): Promise<void> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  await Deno.writeTextFile(`${path}.sha256`, `${await digestOf(path)}  ${name}\n`);
}
