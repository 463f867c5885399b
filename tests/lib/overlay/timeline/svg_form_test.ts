// The picture: XML that a strict parser takes, with every row, nothing from elsewhere, and nothing drawn over something else.
// rendered_test.ts looks at it in a browser.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { output } from "../../../../scripts/command.ts";
import { svgForm } from "../../../../lib/overlay/timeline/svg_form.ts";
import { type Timeline, timelineOf } from "../../../../lib/overlay/timeline/timeline.ts";
import { labelOf } from "../../../../lib/overlay/timeline/words.ts";
import { bootTold, HOSTILE_NAME, large, moment, RICH, scriptTold, serviceTold } from "./boots.ts";

interface Node {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly Node[];
}

const PARSER = `
import sys, json, xml.etree.ElementTree as tree
def node(e): return dict(tag=e.tag.split('}')[1], attributes=e.attrib, text=e.text or '', children=[node(c) for c in e])
print(json.dumps(node(tree.fromstring(open(sys.argv[1], 'rb').read()))))`;

const parses = new Map<string, Promise<Node>>();

/** By a parser that takes nothing that is not XML. */
function parsed(svg: string): Promise<Node> {
  const root = parses.get(svg) ?? parse(svg);
  parses.set(svg, root);
  return root;
}

async function parse(svg: string): Promise<Node> {
  const file = await Deno.makeTempFile({ suffix: ".svg" });
  await Deno.writeTextFile(file, svg);
  try {
    return JSON.parse(await output(["python3", "-c", PARSER, file]));
  } finally {
    await Deno.remove(file);
  }
}

function within(node: Node): Node[] {
  return [node, ...node.children.flatMap(within)];
}

function ofClass(node: Node, name: string): Node[] {
  return within(node).filter(({ attributes }) => (attributes["class"] ?? "").split(" ").includes(name));
}

const number = (node: Node, name: string): number => Number(node.attributes[name]);

const BOOTS: Readonly<Record<string, ReturnType<typeof bootTold>>> = {
  "a boot with everything": RICH,
  "a boot with hundreds of rows": large(300),
  "a boot with nothing": bootTold(20, 30),
  "a boot that was interrupted": bootTold(null, 300, {
    container: { bootEnded: moment(70), cause: HOSTILE_NAME.repeat(50) },
    scripts: [scriptTold("10-a", 10, 40), scriptTold(HOSTILE_NAME, 41, null)],
  }),
};

for (const [name, snapshot] of Object.entries(BOOTS)) {
  const timeline = timelineOf(snapshot);
  const svg = svgForm(timeline);

  Deno.test(`${name} is a picture with all its rows`, async () => {
    const root = await parsed(svg);
    equal(root.tag, "svg");
    const rows = ofClass(root, "row");
    equal(rows.length, timeline.rows.length);
    timeline.rows.forEach((row, at) => {
      const [title, ...rest] = rows[at]!.children;
      equal(title!.tag, "title");
      ok(title!.text.includes(labelOf(row).replaceAll(/[\ufffe\uffff]/g, "\ufffd")), title!.text);
      equal(title!.text.includes("on the critical path"), row.critical);
      equal(ofClass(rows[at]!, "critical").length, row.critical ? 1 : 0);
      equal(rest.filter(({ attributes }) => attributes["class"] === "label").length, 1);
      equal(ofClass(rows[at]!, "bar").length, row.from === null ? 0 : 1);
    });
  });

  Deno.test(`${name} is drawn where there is room for it`, async () => assertRoom(await parsed(svg), timeline));

  Deno.test(`${name} brings all that it needs`, async () => {
    const nodes = within(await parsed(svg));
    deepEqual(nodes.filter(({ tag }) => ["script", "image", "use", "a", "foreignObject"].includes(tag)), []);
    for (const { attributes } of nodes) {
      deepEqual(Object.keys(attributes).filter((key) => /href|^on|src/.test(key)), []);
    }
    const [style] = nodes.filter(({ tag }) => tag === "style");
    match(style!.text, /@media \(prefers-color-scheme:dark\)/);
    ok(!/url\(|@import|@font-face/.test(style!.text));
    equal(svg.split("http").length, 2, "the name of the language only");
  });
}

/** Of the fixed-width font of labels, and of the other one, no character is wider. */
const LABEL = 7.3;
const NOTE = 6.6;

function assertRoom(root: Node, { rows }: Timeline): void {
  const [width, height] = [number(root, "width"), number(root, "height")];
  const grid = ofClass(root, "grid").map((line) => number(line, "x1"));
  const left = Math.min(...grid);
  for (const label of ofClass(root, "label")) {
    ok(number(label, "x") + [...label.text].length * LABEL <= left, `"${label.text}" runs into the axis`);
  }
  for (const note of ofClass(root, "note")) ok(number(note, "x") + note.text.length * NOTE <= width, note.text);
  for (const bar of ofClass(root, "bar").filter(({ tag, attributes }) => tag === "rect" && attributes["rx"])) {
    ok(number(bar, "x") >= left && number(bar, "width") >= 2, "a bar can be seen");
  }
  const middles = ofClass(root, "label").map((label) => number(label, "y"));
  deepEqual(new Set(middles).size, rows.length);
  ok(middles.every((y) => y > number(ofClass(root, "grid")[0] ?? root, "y1") && y < height - 20));
  const ticks = ofClass(root, "tick").filter(({ attributes }) => attributes["y"] === "128");
  ticks.slice(1).forEach((tick, before) => {
    const last = ticks[before]!;
    const room = number(tick, "x") - number(last, "x") - (tick.text.length + last.text.length) / 2 * NOTE;
    ok(room > 0, `${last.text} runs into ${tick.text}`);
  });
}

Deno.test("the critical path is one line from row to row", async () => {
  const root = await parsed(svgForm(timelineOf(RICH)));
  equal(
    ofClass(root, "path").length,
    ofClass(root, "critical").filter(({ attributes: { class: all } }) => all!.includes("row")).length - 1,
  );
});

Deno.test("a line says where the boot ended if services became ready behind it", async () => {
  const ends = async (reached: number): Promise<string[]> => {
    const root = await parsed(svgForm(timelineOf(bootTold(100, 500, { services: [serviceTold("web", 95, reached)] }))));
    return ofClass(root, "tick").map(({ text }) => text).filter((text) => text.startsWith("boot over"));
  };
  deepEqual([await ends(99), await ends(200)], [[], ["boot over 100 ms"]]);
});
