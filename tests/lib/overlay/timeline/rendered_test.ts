// The picture of a timeline in a browser: with the fonts that it really gets nothing runs into anything else, and a dark
// page gets dark colours.

import { deepEqual, equal, ok } from "node:assert/strict";
import { browserOf } from "../../../../scripts/setup.ts";
import { svgForm } from "../../../../lib/overlay/timeline/svg_form.ts";
import { timelineOf } from "../../../../lib/overlay/timeline/timeline.ts";
import { bootTold, large, RICH, serviceTold } from "./boots.ts";

const browser = browserOf();
const ignore = browser === undefined;
const PICTURES = [RICH, large(300), bootTold(20, 30), bootTold(100, 500, { services: [serviceTold("web", 95, 99)] })]
  .map((snapshot) => svgForm(timelineOf(snapshot)));

/** What is drawn of an element, in pixels. */
interface Box {
  readonly picture: number;
  readonly style: string;
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly colour: string;
}

/** In the page: measures all that has a class. */
const MEASURE = `
const boxes = [...document.querySelectorAll("svg")].flatMap((svg, picture) => {
  const from = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("[class]")].filter((shape) => shape.localName !== "g").map((shape) => {
    const box = shape.getBoundingClientRect();
    return {
      picture, style: shape.getAttribute("class"), text: shape.textContent, colour: getComputedStyle(shape).fill,
      left: box.left - from.left, right: box.right - from.left, top: box.top - from.top, bottom: box.bottom - from.top,
    };
  });
});
document.body.replaceChildren(Object.assign(document.createElement("pre"), { id: "boxes", textContent: JSON.stringify(boxes) }));`;

async function measured(...options: readonly string[]): Promise<Box[]> {
  const directory = await Deno.makeTempDir();
  try {
    const page = `${directory}/page.html`;
    await Deno.writeTextFile(
      page,
      `<!doctype html><meta charset="utf-8"><body>${PICTURES.join("")}<script>${MEASURE}</script>`,
    );
    const dom = await inBrowser(`--user-data-dir=${directory}/profile`, ...options, "--dump-dom", `file://${page}`);
    const [, json = ""] = /<pre id="boxes">([^]*)<\/pre>/.exec(new TextDecoder().decode(dom)) ?? [];
    return JSON.parse(
      json.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&nbsp;", " ").replaceAll("&amp;", "&"),
    );
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function inBrowser(...args: readonly string[]): Promise<Uint8Array> {
  const always = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"];
  const { code, stdout, stderr } = await new Deno.Command(browser!, { args: [...always, ...args] }).output();
  equal(code, 0, new TextDecoder().decode(stderr));
  return stdout;
}

const PAPER = { light: "rgb(255, 255, 255)", dark: "rgb(13, 17, 23)" };

Deno.test({
  name: "in a browser nothing runs into anything else, with few rows and with hundreds",
  ignore,
  fn: async () => {
    const boxes = await measured();
    for (const picture of PICTURES.keys()) assertApart(boxes.filter((box) => box.picture === picture));
    deepEqual(
      new Set(boxes.filter(({ style }) => style === "paper").map(({ colour }) => colour)),
      new Set([PAPER.light]),
    );
  },
});

function assertApart(boxes: readonly Box[]): void {
  const of = (style: string): Box[] => boxes.filter((box) => box.style === style);
  const [paper] = of("paper");
  for (const box of boxes) {
    const isInside = box.left >= 0 && box.right <= paper!.right && box.top >= 0 && box.bottom <= paper!.bottom;
    ok(isInside, `${box.style} "${box.text}" is cut off`);
  }
  const axis = Math.min(...of("grid").map(({ left }) => left));
  for (const { text, right } of of("label")) ok(right <= axis, `the label "${text}" runs into the axis`);
  for (const style of ["tick", "label", "note", "quiet"]) assertNoOverlap(of(style));
  for (const bar of of("bar").filter(({ top }) => top > 100)) ok(bar.left >= axis - 7, "a bar begins on the axis");
}

/** Texts, two of which are beside each other or in different lines. */
function assertNoOverlap(texts: readonly Box[]): void {
  const inOrder = texts.toSorted((one, other) => one.top - other.top || one.left - other.left);
  inOrder.slice(1).forEach((text, before) => {
    const last = inOrder[before]!;
    const isApart = text.top >= last.bottom - 2 || text.left >= last.right;
    ok(isApart, `"${last.text}" runs into "${text.text}"`);
  });
}

Deno.test({
  name: "on a dark page the picture is dark, and its text can be read",
  ignore,
  fn: async () => {
    const boxes = await measured("--force-dark-mode", "--blink-settings=preferredColorScheme=0");
    equal(boxes.find(({ style }) => style === "paper")!.colour, PAPER.dark);
    for (const style of ["outcomeInWords", "label"]) {
      const [red = 0] = (boxes.find((box) => box.style === style)!.colour.match(/\d+/g) ?? []).map(Number);
      ok(red > 200, `${style} is light`);
    }
  },
});

Deno.test({
  name: "a browser shows the file by itself",
  ignore,
  fn: async () => {
    const directory = await Deno.makeTempDir();
    try {
      await Deno.writeTextFile(`${directory}/boot.svg`, PICTURES[0]!);
      const [image, size] = [`${directory}/boot.png`, "--window-size=1000,440"];
      await inBrowser(
        `--user-data-dir=${directory}/profile`,
        size,
        `--screenshot=${image}`,
        `file://${directory}/boot.svg`,
      );
      const png = await Deno.readFile(image);
      const view = new DataView(png.buffer);
      deepEqual([view.getUint32(16), view.getUint32(20)], [1000, 440]);
      ok(png.length > 20_000, "a page with an error, or nothing on it, is smaller");
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },
});
