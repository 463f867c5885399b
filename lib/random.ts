// Letters that cannot be guessed, for names that must not meet another's.

import type { Os } from "./os/os.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** This many random letters and digits. */
export function randomLetters(os: Pick<Os, "randomBytes">, count: number): string {
  return Array.from(os.randomBytes(count), (byte) => LETTERS[byte % LETTERS.length]).join("");
}
