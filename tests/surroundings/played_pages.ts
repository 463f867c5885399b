// How each block of README.md and docs/ is tried: whole pages are played as stories, some blocks are tried by tests of
// their own, and a few by none, each with its reason.

import { fencedBlocks, shownIn, shownInBlock } from "./manual_page.ts";
import type { Plot } from "./manual_story.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);

export function readDocument(path: string): Promise<string> {
  return Deno.readTextFile(ROOT + path);
}

type Story = Omit<Plot, "files"> & {
  /** It goes on from the image of docs/start.md. */
  readonly begun?: true;
};

/** The pages that tests/containers/manual_test.ts plays, from their first block to their last. */
export const STORIES: Readonly<Record<string, Story>> = {
  "README.md": { mistaken: ["/etc/services.d/worker/run"] },
  "docs/start.md": {},
  "docs/services.md": {},
  "docs/dependencies.md": {},
  "docs/logging.md": {},
  "docs/environment.md": {},
  "docs/users.md": {},
  "docs/signals.md": {},
  "docs/health.md": {},
  "docs/troubleshooting.md": { mistaken: ["/etc/services.d/worker/run", "environment"], hangs: true },
  "docs/upgrade.md": {},
  "docs/faq.md": { begun: true },
};

export async function plotOf(page: string): Promise<Plot> {
  const { begun, ...plot } = STORIES[page]!;
  if (!begun) return plot;
  const files = shownIn(await readDocument("docs/start.md")).filter((shown) => shown.kind === "file");
  return { ...plot, files };
}

/** Blocks that are no part of a story. */
interface OtherBlocks {
  readonly page: string;
  /** What their first line begins with. */
  readonly first: string;
  readonly count: number | "all";
}

interface TriedBlocks extends OtherBlocks {
  readonly test: string;
}

interface UntriedBlocks extends OtherBlocks {
  readonly reason: string;
}

const RECIPES = "tests/containers/recipes_test.ts";
const RELEASES = "tests/containers/release_test.ts";
const BUILDS = "tests/containers/first_image_test.ts";
const KUBERNETES = "tests/containers/kubernetes_page_test.ts";

export const TRIED_ELSEWHERE: readonly TriedBlocks[] = [
  { page: "README.md", first: "FROM busybox", count: 1, test: BUILDS },
  { page: "README.md", first: "FROM busybox", count: 1, test: "tests/containers/quick_start_test.ts" },
  { page: "docs/start.md", first: "FROM busybox", count: 1, test: BUILDS },
  { page: "docs/recipes.md", first: "", count: "all", test: RECIPES },
  { page: "docs/notify.md", first: "", count: "all", test: RECIPES },
  {
    page: "docs/how-it-works.md",
    first: "#!/usr/bin/execlineb",
    count: 1,
    test: "tests/containers/quick_start_test.ts",
  },
  { page: "docs/kubernetes.md", first: "", count: "all", test: KUBERNETES },
  { page: "docs/releases.md", first: "FROM ubuntu", count: 2, test: RELEASES },
  { page: "docs/releases.md", first: "RUN tar", count: 1, test: "tests/build/extraction_test.ts" },
  { page: "docs/releases.md", first: "FROM alpine", count: 2, test: BUILDS },
  { page: "docs/releases.md", first: "ADD ", count: 1, test: BUILDS },
  { page: "docs/json.md", first: "{", count: 1, test: "tests/lib/overlay/journal/answer_request_test.ts" },
  // Printed from the tables that the program has, and drawn on the site.
  { page: "docs/life.md", first: "stateDiagram-v2", count: 1, test: "tests/scripts/site_test.ts" },
  { page: "docs/supervision.md", first: "stateDiagram-v2", count: 1, test: "tests/scripts/site_test.ts" },
];

export const UNTRIED: readonly UntriedBlocks[] = [
  {
    page: "docs/upgrade.md",
    first: "[program:api]",
    count: 1,
    reason: "it is what supervisord reads; the page goes on with what becomes of it, which is played",
  },
  {
    page: "README.md",
    first: "npx -y deno",
    count: 1,
    reason: "it builds this project and runs all tests, of which this is one",
  },
];

/** What speaks against the lists, one line each. */
export function faultsOfPage(page: string, markdown: string): string[] {
  const blocks = fencedBlocks(markdown);
  const isStory = Object.hasOwn(STORIES, page);
  const rest = isStory ? blocks.filter((block) => shownInBlock(block).length === 0) : [...blocks];
  const faults: string[] = [];
  for (const { page: other, first, count } of [...TRIED_ELSEWHERE, ...UNTRIED]) {
    if (other !== page) continue;
    for (let number = 0; number < (count === "all" ? blocks.length : count); number++) {
      const at = rest.findIndex(({ lines }) => lines[0]!.startsWith(first));
      if (at < 0) faults.push(`${page} has fewer blocks that begin with "${first}" than are listed`);
      else rest.splice(at, 1);
    }
  }
  return [...faults, ...rest.map(({ line }) => `${page}:${line}: no test tries this block`)];
}
