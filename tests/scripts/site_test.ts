// The site: all that its pages lead to is there, nothing comes from elsewhere, the search finds what people look for, and
// in a browser no page has what keeps people out.

import { deepEqual, equal, ok, throws } from "node:assert/strict";
import axe from "npm:axe-core@4.10.3";
import MiniSearch from "npm:minisearch@7.1.2";
import { browserOf } from "../../scripts/setup.ts";
import { transitionsIn } from "../../scripts/site/diagram.ts";
import { SEARCHED } from "../../scripts/site/searched.ts";
import { buildSite } from "../../scripts/site/site.ts";
import { amount } from "../random/amount.ts";
import { fencedBlocks, textOf } from "../surroundings/manual_page.ts";
import { readDocument } from "../surroundings/played_pages.ts";

async function withSite(work: (directory: string, pages: readonly string[]) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    const pages = await buildSite(directory);
    await work(directory, [...pages.keys()]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const attributes = (html: string, name: string): string[] =>
  Array.from(html.matchAll(new RegExp(` ${name}="([^"]*)"`, "g")), ([, value = ""]) => value);

/** What is wrong with the links and sources of a page. */
function faultsOf(directory: string, page: string): string[] {
  const html = Deno.readTextFileSync(`${directory}/${page}`);
  const foreign = attributes(html, "src").filter((source) => source.includes("//"));
  const links = [...attributes(html, "href"), ...attributes(html, "src")].filter((target) => !/^[a-z]+:/.test(target));
  const dead = links.filter((target) => {
    const { pathname, hash } = new URL(target, `file://${directory}/${page}`);
    try {
      const text = Deno.readTextFileSync(decodeURIComponent(pathname));
      return hash !== "" && !text.includes(` id="${decodeURIComponent(hash.slice(1))}"`);
    } catch {
      return true;
    }
  });
  const headings = html.match(/<h1[ >]/g)?.length;
  return [
    ...foreign.map((source) => `${page} has ${source}, which is elsewhere`),
    ...dead.map((target) => `${page} leads to ${target}, which is not there`),
    ...(headings === 1 ? [] : [`${page} has ${headings} titles`]),
  ];
}

/** What people look for, and a page that should be among the first. */
const SOUGHT: readonly (readonly [words: string, page: string])[] = [
  ["readiness", "services.html"],
  ["run as another user", "users.html"],
  ["S6_KILL_GRACETIME", "index.html"],
  ["supervisord", "upgrade.html"],
  ["s6-svc", "man/s6-svc.1.html"],
  ["read-only root", "users.html"],
  ["exit code 137", "signals.html"],
  ["kubernetes probe", "kubernetes.html"],
];
const AMONG = 8;

Deno.test("each page of the site leads to what is there, and a search finds what people look for", () =>
  withSite((directory, pages) => {
    ok(
      pages.length > 200 && ["index.html", "services.html", "man/s6-svc.1.html"].every((page) => pages.includes(page)),
    );
    deepEqual(pages.flatMap((page) => faultsOf(directory, page)), []);
    const [, index = ""] = /^globalThis\.searchIndex = (.*);\n$/.exec(Deno.readTextFileSync(`${directory}/index.js`))!;
    const search = MiniSearch.loadJSON(JSON.parse(index), SEARCHED);
    const missed = SOUGHT.filter(([words, page]) => {
      const found = search.search(words, { prefix: true, fuzzy: 0.15, boost: { title: 3, heading: 4 } });
      return !found.slice(0, AMONG).some((one) => one.page === page);
    });
    deepEqual(missed, []);
    return Promise.resolve();
  }));

Deno.test("a diagram is drawn in the page, with all of its states and events, and said in a list", () =>
  withSite(async (directory) => {
    for (const [document, page] of [["docs/life.md", "life.html"], ["docs/supervision.md", "supervision.html"]]) {
      const [block] = fencedBlocks(await readDocument(document!)).filter(({ language }) => language === "mermaid");
      const transitions = transitionsIn(textOf(block!));
      const html = await Deno.readTextFile(`${directory}/${page}`);
      const [, figure = ""] = /<figure class="diagram">([^]*?)<\/figure>/.exec(html) ?? [];
      const written = Array.from(figure.matchAll(/<text [^>]*>([^<]*)<\/text>/g), ([, text]) => text!.trim());
      const states = new Set(transitions.flatMap(({ from, to }) => [from, to]).filter((name) => name !== "[*]"));
      deepEqual(written.sort(), [...states, ...transitions.flatMap(({ events }) => events)].sort());
      equal(figure.match(/<path /g)!.length, transitions.length + states.size);
      deepEqual(figure.match(/\b(?:fill|stroke)="(?!none|currentColor|transparent)[^"]*"| id=|href=/g), null);
      equal(figure.match(/<li>/g)!.length, transitions.length - 2);
      ok(!html.includes("stateDiagram"));
    }
  }));

Deno.test("a diagram that cannot be drawn ends the build", () => {
  throws(() => transitionsIn("pie\n"), /kind pie/);
  throws(() => transitionsIn("stateDiagram-v2\n    a --> b --> c\n"), /a --> b --> c/);
  deepEqual(transitionsIn("stateDiagram-v2\n    [*] --> a\n    a --> b: x, y\n"), [
    { from: "[*]", to: "a", events: [] },
    { from: "a", to: "b", events: ["x", "y"] },
  ]);
});

const browser = browserOf();
/** Of each kind one, the shortest first; the longest take a browser half a minute. */
const LOOKED_AT = ["man/s6-svc.1.html", "life.html", "index.html", "services.html", "service-directory.html"]
  .slice(0, amount(5, 1));

/** The page as it is once axe has looked at it. */
async function judged(directory: string, page: string, ...options: readonly string[]): Promise<string> {
  const html = await Deno.readTextFile(`${directory}/${page}`);
  const judge = `axe.run().then(({violations, passes}) => { const found = document.createElement("pre"); ` +
    `found.id = "axe"; found.textContent = JSON.stringify({passes: passes.length, violations: violations.map((one) => ` +
    `one.id + ": " + one.nodes[0].html)}); document.body.append(found); });`;
  const place = `${directory}/${page.replace(/\.html$/, ".judged.html")}`;
  await Deno.writeTextFile(
    place,
    html.replace("</body>", () => `<script>${axe.source}</script><script>${judge}</script></body>`),
  );
  const profile = await Deno.makeTempDir();
  try {
    const always = ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${profile}`];
    const args = [...always, ...options, "--virtual-time-budget=20000", "--dump-dom", `file://${place}`];
    const { stdout } = await new Deno.Command(browser!, { args, stderr: "null" }).output();
    const [, found = ""] = /<pre id="axe">([^]*?)<\/pre>/.exec(new TextDecoder().decode(stdout)) ?? [];
    return found.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  } finally {
    await Deno.remove(profile, { recursive: true });
  }
}

Deno.test({
  name: "no page of the site has what keeps people out, on a phone or a desktop, light or dark",
  ignore: browser === undefined,
  fn: () =>
    withSite(async (directory) => {
      const ways = [["--window-size=1300,900"], ["--window-size=390,844", "--force-dark-mode"]];
      for (const [at, page] of LOOKED_AT.entries()) {
        const { passes, violations } = JSON.parse(await judged(directory, page, ...ways[at % ways.length]!));
        ok(passes > 10, `${page}: ${passes} rules were looked at`);
        deepEqual({ page, violations }, { page, violations: [] });
      }
    }),
});
