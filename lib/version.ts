// The version of this program, as deno.json has it (a house test compares them), and of what it behaves like.

export const VERSION = "0.1.0";

/** The versions of the skarnet programs whose behaviour is followed. */
export const FOLLOWS = { "s6-overlay": "2.2.0.3", "s6": "2.11.3", "execline": "2.9.3" } as const;
