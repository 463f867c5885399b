// What the program and the launcher's player call each other and tell each other.

/** The launcher's name for a player, as its first argument; descriptors of the plan and of the report follow. */
export const PLAYER = "s6-overlay-player";
/** Its name for the program that tells of a failure; descriptors of plan and report, operation and errno follow. */
export const FAILED_PLAYER = "s6-overlay-failed-player";

/** What a player tells: one byte, or a record of three words of 4 bytes, the last two of them operation and errno. */
export const TOLD = { running: 1, failed: 2, size: 12 } as const;
