// The name of the file with conditions: what looks for it seldom needs what reads it.

/** Where a service has its conditions, in the directory that defines it. */
export const CONDITIONS_FILE = "data/overlay/enabled-if";
