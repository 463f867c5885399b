// What a release is built from: the commit, and the time that its documents bear.

import { output } from "../command.ts";

export interface Source {
  /** Undefined where there is no repository, or files differ from the commit. */
  readonly commit: string | undefined;
  /** SOURCE_DATE_EPOCH, or the commit's time, so that the same source gives the same documents; else the epoch. */
  readonly time: Date;
}

/** @param epoch seconds that documents bear, whatever the commit's time is */
export async function sourceAt(root: string, epoch = Deno.env.get("SOURCE_DATE_EPOCH")): Promise<Source> {
  const git = (...words: readonly string[]): Promise<string | undefined> =>
    output(["git", "-C", root, ...words]).then((text) => text.trim(), () => undefined);
  const head = await git("log", "-1", "--format=%H %ct");
  const changes = await git("status", "--porcelain", "--untracked-files=no");
  const [commit, seconds] = head?.split(" ") ?? [];
  const time = new Date(Number(epoch ?? seconds ?? 0) * 1000);
  if (Number.isNaN(time.getTime())) throw new Error(`SOURCE_DATE_EPOCH is no number of seconds: ${epoch}`);
  return { commit: changes === "" ? commit : undefined, time };
}

/** As the documents have it. */
export function timeText(time: Date): string {
  return time.toISOString().replace(".000Z", "Z");
}
