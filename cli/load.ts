// The first module that runs. Deno reads and parses an ES module twice before V8 sees it, 0.1 ms for each KB; a script it
// only compiles, six times as fast. So the bundle's chunks are scripts, in Rollup's "system" format, and this is what
// loads them: each names the chunks it needs and declares itself as a function that sets its exports and runs.

type Exports = Record<string, unknown>;
type Setter = (exports: Exports) => void;

interface Declared {
  readonly setters?: readonly (Setter | null | undefined)[];
  readonly execute?: () => void;
}

type Declare = (
  exports: (name: string | Exports, value?: unknown) => unknown,
  module: { readonly import: (name: string) => Settled<Exports> },
) => Declared;

type SystemError = new (action: string, object: string, errno: string, reason: string) => Error;

const PROGRAM = "./program.js";

interface Chunk {
  readonly exports: Exports;
  /** Tells those that import from here of a new value. */
  readonly importers: Setter[];
}

/** What import() gives: a promise's then, called back at once, as the chunk is in memory by then. */
class Settled<T> {
  constructor(private readonly value: T) {}

  then<U>(onValue: (value: T) => U): Settled<U> {
    return new Settled(onValue(this.value));
  }
}

const chunks = new Map<string, Chunk>();

/**
 * The chunk of that name, beside this file, with all that it needs; each is run once. One that cannot be had now may be had
 * when it is asked for again.
 */
function load(name: string): Chunk {
  const known = chunks.get(name);
  if (known !== undefined) return known;
  const chunk: Chunk = { exports: {}, importers: [] };
  chunks.set(name, chunk);
  try {
    define(chunk, name);
  } catch (error) {
    chunks.delete(name);
    throw error;
  }
  return chunk;
}

function define(chunk: Chunk, name: string): void {
  let register: readonly [readonly string[], Declare] | undefined;
  // As it is in the file: V8 would have to copy what is put together here (scripts/bundle.ts makes a function of it).
  const run = (0, eval)(read(name)) as (system: unknown) => void;
  run({ register: (needs: readonly string[], declare: Declare) => register = [needs, declare] });
  if (register === undefined) throw new Error(`${name} is no chunk of this program`);
  const [needs, declare] = register;
  const { setters = [], execute } = declare(publish.bind(undefined, chunk), {
    import: (wanted) => new Settled(load(wanted).exports),
  });
  for (const [index, needed] of needs.entries()) {
    const from = load(needed);
    const setter = setters[index];
    if (!setter) continue;
    from.importers.push(setter);
    setter(from.exports);
  }
  execute?.();
}

function read(name: string): string {
  try {
    return Deno.readTextFileSync(import.meta.dirname + name.slice(1));
  } catch (error) {
    throw inWordsOfProgram(name, error);
  }
}

function publish(chunk: Chunk, name: string | Exports, value?: unknown): unknown {
  Object.assign(chunk.exports, typeof name === "string" ? { [name]: value } : name);
  for (const setter of chunk.importers) setter(chunk.exports);
  return typeof name === "string" ? value : name;
}

/** As the program tells of a failed system call, once it is there. */
function inWordsOfProgram(name: string, error: unknown): unknown {
  const OsError = chunks.get(PROGRAM)?.exports.OsError as SystemError | undefined;
  if (OsError === undefined || !(error instanceof Error)) return error;
  const { code = "EIO", message } = error as Error & { readonly code?: string };
  return new OsError("load", name, code, message.replace(/ \(os error .*/, ""));
}

// What is kept when the overlay is built has everything in memory (lib/os/checkpoint.ts).
if (Deno.env.get("OVERLAY_CHECKPOINT") !== undefined) {
  const names = Array.from(Deno.readDirSync(import.meta.dirname!), ({ name }) => name).filter((name) =>
    name !== "main.js"
  );
  for (const name of names.sort()) load(`./${name}`);
}

await (load(PROGRAM).exports.main as () => Promise<void>)();
