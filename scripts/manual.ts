// The house rule about what programs tell people: each option has its meaning, in words that fit every place that prints
// them. The compiler holds most of it (cli/applet.ts), and this holds the rest.

import type { Applet } from "../cli/applet.ts";
import { NO_OPTIONS } from "../cli/getopt.ts";

/** What is missing or wrong in a declaration, one line each. */
export function faultsOfManual(applet: Applet): string[] {
  const { name, summary, options, help = {}, ignored = "", exits = {}, notes = [] } = applet;
  const letters = options === NO_OPTIONS ? [] : [...options].filter((letter) => letter !== ":");
  const faults: string[] = [];
  for (const letter of letters) {
    if (!Object.hasOwn(help, letter) && !ignored.includes(letter)) faults.push(`${name}: -${letter} has no meaning`);
  }
  for (const letter of Object.keys(help)) {
    if (!letters.includes(letter)) faults.push(`${name}: -${letter} is no option`);
  }
  const phrases = [summary, ...Object.values(help), ...Object.values(exits)];
  for (const phrase of phrases) if (!isPhrase(phrase)) faults.push(`${name}: "${phrase}" is no phrase in plain ASCII`);
  for (const note of notes) if (!isSentence(note)) faults.push(`${name}: "${note}" is no sentence in plain ASCII`);
  return faults;
}

/** One line without a full stop, in the middle of which nothing ends. */
function isPhrase(text: string): boolean {
  return /^[ -~]+$/.test(text) && !/^\s|\s$|\.$/.test(text);
}

function isSentence(text: string): boolean {
  return /^[ -~]+\.$/.test(text) && !/^\s/.test(text);
}
