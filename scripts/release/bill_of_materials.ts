// The bill of materials of a release, in the form of SPDX 2.3: what the tarball is made of, in which versions, under which
// licenses, and the digests of the executables and libraries in it.

import { VERSION } from "../../lib/version.ts";
import { DENO, LIBRARIES, V8 } from "../licenses.ts";
import { digestOf } from "../sum.ts";
import { PREFIX } from "../tree.ts";
import { denoAddress, packageAddress, type ReleaseFacts } from "./facts.ts";
import { timeText } from "./source.ts";

const UNKNOWN = "NOASSERTION";

interface SpdxPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly copyright?: string;
  readonly purpose: "APPLICATION" | "LIBRARY";
  readonly address?: string | undefined;
  readonly source?: string | undefined;
  readonly comment?: string;
}

function spdxPackage({ name, version, license, copyright, purpose, address, source, comment }: SpdxPackage): object {
  const reference = { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: address };
  return {
    SPDXID: packageId(name),
    name,
    versionInfo: version,
    downloadLocation: UNKNOWN,
    filesAnalyzed: false,
    licenseConcluded: license,
    licenseDeclared: license,
    copyrightText: copyright ?? UNKNOWN,
    primaryPackagePurpose: purpose,
    ...(address === undefined ? {} : { externalRefs: [reference] }),
    ...(source === undefined ? {} : { sourceInfo: source }),
    ...(comment === undefined ? {} : { comment }),
  };
}

function packageId(name: string): string {
  return `SPDXRef-Package-${name}`;
}

/** The executables and the libraries, by their names in the overlay's directory, and what each is from. */
function executablesOf({ libraries }: ReleaseFacts): ReadonlyMap<string, string> {
  const taken = libraries.flatMap(({ name, files }) => files.map((file): [string, string] => [`lib/${file}`, name]));
  return new Map([["launcher", "s6-overlay"], ["program", "deno"], ...taken]);
}

async function spdxFile(tree: string, name: string): Promise<object> {
  const path = `${PREFIX}/${name}`;
  const checksum = async (algorithm: "SHA-1" | "SHA-256"): Promise<object> => ({
    algorithm: algorithm.replace("-", ""),
    checksumValue: await digestOf(`${tree}${path}`, algorithm),
  });
  return {
    SPDXID: fileId(name),
    fileName: `.${path}`,
    fileTypes: ["BINARY"],
    checksums: [await checksum("SHA-1"), await checksum("SHA-256")],
    licenseConcluded: UNKNOWN,
    copyrightText: UNKNOWN,
  };
}

function fileId(name: string): string {
  return `SPDXRef-File-${name.replaceAll(/[^\w.]/g, "-").replaceAll("_", "-")}`;
}

function packagesOf({ base, libraries }: ReleaseFacts, copyright: string): object[] {
  return [
    { name: "s6-overlay", version: VERSION, license: "ISC", copyright, purpose: "APPLICATION" as const },
    {
      name: "deno",
      version: base.version,
      license: DENO.license,
      purpose: "APPLICATION" as const,
      address: denoAddress(base),
      comment: `${DENO.change} What it is made of itself, V8 apart, is in its Cargo.lock.`,
    },
    {
      name: "v8",
      version: base.v8 ?? UNKNOWN,
      license: V8.license,
      purpose: "LIBRARY" as const,
      comment: V8.change,
    },
    ...libraries.map((library) => ({
      name: library.name,
      version: library.origin?.version ?? UNKNOWN,
      license: LIBRARIES[library.name].license,
      purpose: "LIBRARY" as const,
      address: packageAddress(library),
      source: library.origin && `built from ${library.origin.source} ${library.origin.sourceVersion}`,
      comment: LIBRARIES[library.name].change,
    })),
  ].map(spdxPackage);
}

/** @param digest of the tarball: two releases have no document in common */
export async function billOfMaterials(facts: ReleaseFacts, tree: string, digest: string): Promise<object> {
  const [, copyright = UNKNOWN] = /^(Copyright .*)$/m.exec(await Deno.readTextFile("LICENSE")) ?? [];
  const files = executablesOf(facts);
  const relation = (one: string, type: string, other: string): object => ({
    spdxElementId: one,
    relationshipType: type,
    relatedSpdxElement: other,
  });
  const name = `s6-overlay-${VERSION}-${facts.architecture}`;
  return {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name,
    documentNamespace: `https://spdx.org/spdxdocs/${name}-${digest}`,
    creationInfo: { created: timeText(facts.source.time), creators: [`Tool: s6-overlay-release-${VERSION}`] },
    packages: packagesOf(facts, copyright),
    files: await Promise.all([...files.keys()].map((file) => spdxFile(tree, file))),
    relationships: [
      relation("SPDXRef-DOCUMENT", "DESCRIBES", packageId("s6-overlay")),
      relation(packageId("s6-overlay"), "CONTAINS", packageId("deno")),
      relation(packageId("deno"), "CONTAINS", packageId("v8")),
      ...facts.libraries.map((library) => relation(packageId("s6-overlay"), "CONTAINS", packageId(library.name))),
      ...[...files].map(([file, from]) => relation(fileId(file), "GENERATED_FROM", packageId(from))),
    ],
  };
}
