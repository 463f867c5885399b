// Where the house rules do not hold, and why. The list may only shrink.

interface Waiver {
  readonly rule: string;
  /** The file, from the root of the project. */
  readonly file: string;
  readonly reason: string;
}

export const WAIVERS: readonly Waiver[] = [];

/** True if the rule does not hold for this file. */
export function isWaived(rule: string, file: string): boolean {
  return WAIVERS.some((waiver) => waiver.rule === rule && waiver.file === file);
}
