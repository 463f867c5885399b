// What the documents of a release say of its source and its builder.

import { deepEqual, equal, rejects } from "node:assert/strict";
import { output } from "../../scripts/command.ts";
import { workflowOf } from "../../scripts/release/provenance.ts";
import { sourceAt, timeText } from "../../scripts/release/source.ts";

async function inRepository(
  work: (directory: string, git: (...words: string[]) => Promise<string>) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "source-" });
  const env = { GIT_AUTHOR_DATE: "@1700000000 +0100", GIT_COMMITTER_DATE: "@1700000001 +0100" };
  const name = ["-c", "user.name=a", "-c", "user.email=a@b"];
  const git = (...words: string[]): Promise<string> => output(["git", "-C", directory, ...name, ...words], { env });
  await Deno.writeTextFile(`${directory}/file`, "one\n");
  try {
    await work(directory, git);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("documents bear the commit and its time, unless SOURCE_DATE_EPOCH has another one", async () => {
  await inRepository(async (directory, git) => {
    deepEqual(await sourceAt(directory, undefined), { commit: undefined, time: new Date(0) });
    await git("init", "--quiet");
    await git("add", "file");
    await git("commit", "--quiet", "--message=one");
    const commit = (await git("rev-parse", "HEAD")).trim();
    const { time, ...found } = await sourceAt(directory, undefined);
    deepEqual([found, timeText(time)], [{ commit }, "2023-11-14T22:13:21Z"]);
    equal(timeText((await sourceAt(directory, "86400")).time), "1970-01-02T00:00:00Z");
    await rejects(sourceAt(directory, "yesterday"), /SOURCE_DATE_EPOCH is no number of seconds: yesterday/);
    await Deno.writeTextFile(`${directory}/file`, "two\n");
    equal((await sourceAt(directory, undefined)).commit, undefined);
  });
});

Deno.test("a workflow names itself and its repository, another builder neither", () => {
  const github: Record<string, string> = {
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: "one/two",
    GITHUB_WORKFLOW_REF: "one/two/.github/workflows/release.yml@refs/tags/v1",
  };
  deepEqual(workflowOf((name) => github[name]), {
    repository: "git+https://github.com/one/two",
    builder: "https://github.com/one/two/.github/workflows/release.yml@refs/tags/v1",
  });
  deepEqual(workflowOf(() => undefined), { repository: undefined, builder: "urn:s6-overlay:builder:local" });
});
