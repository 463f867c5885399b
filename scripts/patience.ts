// How long what hangs is waited for. On a machine that is much slower than usual, as an emulator is, SLOWNESS in the
// environment says how many times longer everything may take.

const SLOWNESS = Number(Deno.env.get("SLOWNESS") ?? 1);

/** Milliseconds to wait here for what takes at most that long on other machines, however busy they are. */
export function patience(milliseconds: number): number {
  return milliseconds * SLOWNESS;
}
