// Processes of tests that end with the run, however that ends: a run that is killed must leave no supervision trees behind.

/** What stands before a command, so that it is killed when the process that starts it is gone. */
export const BOUND: readonly string[] = ["setpriv", "--pdeathsig", "KILL"];
/** The same for a supervisor in a shell script: it has its services end, and does so itself. */
export const BOUND_SUPERVISOR = "setpriv --pdeathsig TERM";
