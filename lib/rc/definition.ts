// What a source directory says of a service, before names are looked up. Follows s6-rc-compile.

import type { ByteString } from "../bytes.ts";
import { EXIT, Failure, OsError } from "../report.ts";

/** A name that a definition mentions, and where it does so. */
export interface Mention {
  readonly name: ByteString;
  readonly file: ByteString;
  /** Counted from 1; undefined if the file itself has the name. */
  readonly line: number | undefined;
}

interface Defined {
  readonly name: ByteString;
  /** Its own directory, in the source. */
  readonly directory: ByteString;
  readonly essential: boolean;
  readonly recommended: boolean;
}

interface DefinedAtomic extends Defined {
  readonly dependencies: readonly Mention[];
  /** In milliseconds; 0 for none. */
  readonly timeoutUp: number;
  readonly timeoutDown: number;
}

export interface LongrunDefinition extends DefinedAtomic {
  readonly kind: "longrun";
  readonly producerFor: Mention | undefined;
  readonly consumerFor: readonly Mention[];
  readonly pipelineName: Mention | undefined;
}

/** Scripts are command lines, lexed as execlineb does. */
export interface OneshotDefinition extends DefinedAtomic {
  readonly kind: "oneshot";
  readonly up: readonly ByteString[];
  readonly down: readonly ByteString[];
  readonly reload: readonly ByteString[];
}

export interface BundleDefinition extends Defined {
  readonly kind: "bundle";
  readonly contents: readonly Mention[];
}

export type Definition = LongrunDefinition | OneshotDefinition | BundleDefinition;

/** A place in a file; a mention is one, and its name is what is wrong there. */
export interface DefinitionPlace {
  readonly file: ByteString;
  readonly line?: number | undefined;
  readonly column?: number;
  readonly name?: ByteString;
}

/** Takes what is wrong: one that returns has the rest read all the same. */
export type Refusing = (failure: DefinitionFailure) => void;

/** The first thing that is wrong ends it. */
export const refuseAtOnce: Refusing = (failure) => {
  throw failure;
};

/** Does it; what is wrong there is refused. */
export function refusing(refuse: Refusing, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof DefinitionFailure)) throw error;
    refuse(error);
  }
}

/** The exit code of what reads definitions where one is wrong. */
export const WRONG_DEFINITION = 1;

/** A definition is wrong: the original's text, and what people can do about it. */
export class DefinitionFailure extends Failure {
  /** @param cure a sentence without a full stop, as more than one line is not read */
  constructor(
    text: ByteString,
    readonly cure: ByteString | undefined,
    code = WRONG_DEFINITION,
    /** Where it is wrong, where that is in one file. */
    readonly place?: DefinitionPlace,
  ) {
    super(code, text);
  }
}

/** Does it; a failing system call is reported as this action on this object, with a cure if it is this error. */
export function withCure<T>(action: string, object: ByteString, errno: string, cure: ByteString, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
    const text = error.about(action, object).message;
    throw new DefinitionFailure(text, error.errno === errno ? cure : undefined, EXIT.system, { file: object });
  }
}

/** Where the name stands. */
export function placeOf({ file, line }: Mention): ByteString {
  return line === undefined ? file : `${file}, line ${line}`;
}
