// Where the overlay keeps its state, by its usual name (lib/os/moved.ts says where it may be instead).

export const STATE = "/var/run/s6";
/** Process 1 has this file open as long as it lives. */
export const STATE_LOCK = `${STATE}/.lock`;
/** The socket on which process 1 is asked things. */
export const QUESTIONS = `${STATE}/questions`;
