// Tells every story of tests/scenarios in a container.

import { boot, ends } from "../container.ts";
import type { Story } from "../scenarios/story.ts";

const STORIES = new URL("../scenarios/", import.meta.url);

for (const { name, isDirectory } of [...Deno.readDirSync(STORIES)].sort((a, b) => a.name < b.name ? -1 : 1)) {
  if (isDirectory) Deno.test(name.replaceAll("_", " "), () => tell(new URL(`${name}/`, STORIES)));
}

async function tell(folder: URL): Promise<void> {
  const { story } = await import(new URL("story.ts", folder).href) as { story: Story };
  const root = new URL("root", folder).pathname;
  const hasRoot = await Deno.stat(root).then(() => true, () => false);
  await using container = await boot(hasRoot ? { ...story.setting, root } : story.setting);
  await story.steps?.(container);
  const ended = await container.ended;
  const expected = await Deno.readTextFile(new URL("expected.txt", folder));
  const lines = (text: string): string => story.unordered ? text.split("\n").sort().join("\n") : text;
  ends({ ...ended, stdout: lines(ended.stdout) }, story.code, lines(expected));
}
