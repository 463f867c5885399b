// Tells every story of tests/scenarios in a container.

import { boot, ends, ENGINE } from "../surroundings/container.ts";
import type { Story } from "../scenarios/story.ts";

const STORIES = new URL("../scenarios/", import.meta.url);

for (const { name, isDirectory } of [...Deno.readDirSync(STORIES)].sort((a, b) => a.name < b.name ? -1 : 1)) {
  if (!isDirectory) continue;
  const folder = new URL(`${name}/`, STORIES);
  const { story } = await import(new URL("story.ts", folder).href) as { story: Story };
  const why = story.cannot?.[ENGINE];
  const title = name.replaceAll("_", " ");
  Deno.test({
    name: why === undefined ? title : `${title} (not with ${ENGINE}: ${why})`,
    ignore: why !== undefined,
    fn: () => tell(story, folder),
  });
}

async function tell(story: Story, folder: URL): Promise<void> {
  const root = new URL("root", folder).pathname;
  const hasRoot = await Deno.stat(root).then(() => true, () => false);
  await using container = await boot(hasRoot ? { ...story.setting, root } : story.setting);
  await story.steps?.(container);
  const ended = await container.ended;
  const expected = await Deno.readTextFile(new URL("expected.txt", folder));
  const lines = (text: string): string => story.unordered ? text.split("\n").sort().join("\n") : text;
  ends({ ...ended, stdout: lines(ended.stdout) }, story.code, lines(expected));
}
