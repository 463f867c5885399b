// The services of a set of source directories after compiling: atomic services by number, what each needs and is needed by,
// and the bundles that stand for several. Follows s6-rc-compile.

/** What longruns and oneshots have in common. The number of a service is its place in {@link Graph.services}. */
interface Atomic {
  /** A byte string without "/" and newline. */
  readonly name: string;
  /** Flag `flag-essential`: brought down only where that is asked for expressly. */
  readonly essential: boolean;
  /** Flag `flag-recommended`, which only repository tools use. */
  readonly recommended: boolean;
  /** The longest time of a transition in milliseconds; 0 for no bound. */
  readonly timeoutUp: number;
  readonly timeoutDown: number;
  /** Numbers of the services it depends on directly, in the order of the database. */
  readonly needs: readonly number[];
  /** Numbers of the services that depend on it directly. */
  readonly neededBy: readonly number[];
}

/** A supervised process. */
export interface Longrun extends Atomic {
  readonly kind: "longrun";
  /** The number of the service that reads what it writes, in a pipeline. */
  readonly consumer: number | undefined;
  /** The numbers of the services whose output it reads. */
  readonly producers: readonly number[];
}

/** A pair of scripts, each one command line; an empty one succeeds at once. */
export interface Oneshot extends Atomic {
  readonly kind: "oneshot";
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly reload: readonly string[];
}

export type AtomicService = Longrun | Oneshot;

/** All services of a database: longruns first, then oneshots, each in the order of sources and names. */
export interface Graph {
  readonly services: readonly AtomicService[];
  /** The members of each bundle, as numbers of atomic services. */
  readonly bundles: ReadonlyMap<string, readonly number[]>;
}
