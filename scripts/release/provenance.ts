// Where the files of a release come from: a statement in the form of in-toto, with SLSA's predicate. It is not signed; what
// GitHub attests of a release is.

import { denoAddress, packageAddress, type ReleaseFacts } from "./facts.ts";

const BUILD_TYPE = "urn:s6-overlay:build:release:1";
const LOCAL_BUILDER = "urn:s6-overlay:builder:local";

/** What the statement is about: a file and its digest. */
export interface ReleasedFile {
  readonly name: string;
  readonly digest: string;
}

/** What a workflow says of itself. */
interface Workflow {
  /** Where the repository is; undefined elsewhere than in a workflow. */
  readonly repository: string | undefined;
  readonly builder: string;
}

/** From the variables that GitHub sets. */
export function workflowOf(variable: (name: string) => string | undefined): Workflow {
  const [server, name, path] = ["SERVER_URL", "REPOSITORY", "WORKFLOW_REF"].map((each) => variable(`GITHUB_${each}`));
  if (!server || !name || !path) return { repository: undefined, builder: LOCAL_BUILDER };
  return { repository: `git+${server}/${name}`, builder: `${server}/${path}` };
}

export function provenance(
  facts: ReleaseFacts,
  subjects: readonly ReleasedFile[],
  { repository, builder }: Workflow,
): object {
  const { architecture, base, baseDigest, libraries, source: { commit } } = facts;
  const source = commit === undefined && repository === undefined ? [] : [{
    ...(repository === undefined ? { name: "source" } : { uri: repository }),
    ...(commit === undefined ? {} : { digest: { gitCommit: commit } }),
  }];
  const packages = libraries.flatMap((library) => packageAddress(library) ?? []).map((uri) => ({ uri }));
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: subjects.map(({ name, digest }) => ({ name, digest: { sha256: digest } })),
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: { ...(source[0] && { source: source[0] }), architecture, base: base.kind },
        resolvedDependencies: [...source, { uri: denoAddress(base), digest: { sha256: baseDigest } }, ...packages],
      },
      runDetails: { builder: { id: builder } },
    },
  };
}
