// Letters that cannot be guessed, for names that must not meet another's.

import type { ByteString } from "./bytes.ts";
import type { Os } from "./os/os.ts";
import { stampText } from "./tai.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** This many random letters and digits. */
export function randomLetters(os: Pick<Os, "randomBytes">, count: number): string {
  return Array.from(os.randomBytes(count), (byte) => LETTERS[byte % LETTERS.length]).join("");
}

/** A name that begins with the prefix and that nothing else has. */
export function uniqueName(
  os: Pick<Os, "readFile" | "now" | "pid" | "randomBytes">,
  prefix: ByteString,
  random = 8,
): ByteString {
  const host: ByteString = os.readFile("/proc/sys/kernel/hostname").trimEnd();
  const parts = [prefix, stampText(os.now()), `${os.pid}`, host];
  return [...parts, ...(random === 0 ? [] : [randomLetters(os, random)])].join(":");
}
