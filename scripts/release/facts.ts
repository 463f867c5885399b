// What the documents of a release are made from: what it was built of, and where that came from.

import { type Architecture, type Base, type BaseKind, findBase } from "../base.ts";
import { type LibraryPackage, libraryPackages } from "../libraries.ts";
import { digestOf } from "../sum.ts";
import { type Source, sourceAt } from "./source.ts";

export interface ReleaseFacts {
  readonly architecture: Architecture;
  readonly base: Base;
  /** The digest of the base's executable, as it came. */
  readonly baseDigest: string;
  readonly libraries: readonly LibraryPackage[];
  readonly source: Source;
}

export async function factsOf(
  architecture: Architecture,
  kind: BaseKind | undefined,
  cache: string,
  root: string,
): Promise<ReleaseFacts> {
  const base = await findBase(architecture, kind, cache);
  const baseDigest = await digestOf(base.executable);
  return {
    architecture,
    base,
    baseDigest,
    libraries: await libraryPackages(architecture, cache),
    source: await sourceAt(root),
  };
}

/** Where a package of the distribution can be found again; undefined where the libraries are in none. */
export function packageAddress({ name, origin }: LibraryPackage): string | undefined {
  if (origin === undefined) return undefined;
  const { distribution, architecture, version } = origin;
  return `pkg:deb/${distribution}/${name}@${encodeURIComponent(version)}?arch=${architecture}`;
}

export function denoAddress({ version }: Base): string {
  return `pkg:github/denoland/deno@v${version}`;
}
