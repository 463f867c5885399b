// The licenses of what the tarball is made of, which are passed on with it: their texts, the notices of the authors, and a
// page that says which part has which, what is changed in it and where its source is.

// @ts-types="npm:spdx-license-list@6.12.0/full.d.ts"
import texts from "npm:spdx-license-list@6.12.0/full.js";
import { VERSION } from "../lib/version.ts";
import type { Base } from "./base.ts";
import type { LibraryPackage } from "./libraries.ts";

/** A program or a library of others, as it is in the tarball. */
interface TakenIn {
  /** Of SPDX. */
  readonly license: string;
  /** What is changed in it, in a sentence. */
  readonly change: string;
}

export const DENO: TakenIn = {
  license: "MIT",
  change: "The executable is prelinked to a fixed address and uses the loader and the libraries of the overlay. " +
    "The type checker's files and the starters of desktop programs in it are emptied.",
};

export const V8: TakenIn = {
  license: "BSD-3-Clause",
  change: "In its ICU, data of languages other than English is emptied",
};

export const LIBRARIES: Readonly<Record<LibraryPackage["name"], TakenIn>> = {
  "libc6": {
    license: "LGPL-2.1-or-later",
    change: "In the C library the call clone3, if it has that, gives ENOSYS; the loader reads no /etc/ld.so.preload.",
  },
  "libgcc-s1": { license: "GPL-3.0-or-later WITH GCC-exception-3.1", change: "Unchanged." },
};

const DENO_AUTHORS = "Copyright 2018-2026 the Deno authors";
const V8_AUTHORS = "Copyright 2006-2011, the V8 project authors. All rights reserved.";

function textOfLicense(identifier: string): string {
  const { licenseText } = texts[identifier]!;
  return `${licenseText.trimEnd()}\n`;
}

/** The text with the line of its authors in the place of the one to be filled in. */
function textOfAuthors(identifier: string, authors: string): string {
  const text = textOfLicense(identifier);
  const filled = text.replace(/^Copyright \(c\) <year> <.*$/m, authors);
  if (filled === text) throw new Error(`${identifier} has no line for its authors`);
  return filled;
}

function pageOf(base: Base, libraries: readonly LibraryPackage[]): string {
  const parts = [
    ["s6-overlay", VERSION, "ISC", "s6-overlay", "launcher, js or program"],
    [
      "Deno",
      base.version,
      `${DENO.license}. ${DENO.change} What it is made of is in the file Cargo.lock of that version`,
      "deno",
      "program",
    ],
    ["V8", base.v8 ?? "as in that Deno", `${V8.license}. ${V8.change}`, "v8", "program"],
    ...libraries.map(({ name, files, origin }) => {
      const { license, change } = LIBRARIES[name];
      const source = origin === undefined
        ? "The library of the machine that built this"
        : `Built by ${origin.distribution} from the source package ${origin.source} ${origin.sourceVersion}`;
      return [name, origin?.version ?? "", `${license}. ${change} ${source}`, name, files.join(", ")];
    }),
  ];
  const lines = parts.map(([name, version, license, file, where]) =>
    `${name} ${version}\n  in:      ${where}\n  license: ${license}.\n  text:    ${file}\n`
  );
  return `What this directory's parent is made of, and under which licenses.\n\n${lines.join("\n")}\n` +
    "The texts of the licenses of GNU are in LGPL-2.1 and GPL-3.0.\n";
}

/** The notice that the distribution's package has of the authors; a line that there is none where it has none. */
async function noticeOf({ name, notice }: LibraryPackage): Promise<string> {
  if (notice !== undefined) return await Deno.readTextFile(notice);
  return `The machine that built this has no notice of the authors of ${name}.\n`;
}

/** Writes them into the directory, which is made. */
export async function installLicenses(
  base: Base,
  libraries: readonly LibraryPackage[],
  directory: string,
): Promise<void> {
  const files: Record<string, string> = {
    "README": pageOf(base, libraries),
    "s6-overlay": await Deno.readTextFile("LICENSE"),
    "deno": textOfAuthors(DENO.license, DENO_AUTHORS),
    "v8": textOfAuthors(V8.license, V8_AUTHORS),
    "LGPL-2.1": textOfLicense("LGPL-2.1-only"),
    "GPL-3.0": textOfLicense("GPL-3.0-only"),
  };
  for (const library of libraries) files[library.name] = await noticeOf(library);
  await Deno.mkdir(directory, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${directory}/${name}`, text);
    await Deno.chmod(`${directory}/${name}`, 0o644);
  }
}
