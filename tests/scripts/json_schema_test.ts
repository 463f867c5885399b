// What is printed as JSON is declared in interfaces: how they are read, how values are held to them, and that no field is
// without a meaning.

import { deepEqual, equal } from "node:assert/strict";
import { JSON_PAGES, objectsFrom } from "../../scripts/json_docs.ts";
import { faultsOfJson, fieldsOf, schemaOf } from "../../scripts/json_schema.ts";

const SCHEMA = schemaOf(`
const EXAMPLE_VERSION = 3;
type Size = "small" | "large";
/** A point. */
interface Point {
  /** How far. */
  readonly x: number;
}
export interface Place extends Point {
  readonly version: typeof EXAMPLE_VERSION;
  readonly size: Size | null;
  /**
   * More
   * of them.
   */
  readonly more?: readonly Point[];
}
`);

Deno.test("fields are read with their types and meanings, those of the parent first", () => {
  deepEqual(fieldsOf(SCHEMA, "Place").map(({ name, type, optional, doc }) => [name, type, optional, doc]), [
    ["x", "number", false, "How far."],
    ["version", "typeof EXAMPLE_VERSION", false, ""],
    ["size", "Size | null", false, ""],
    ["more", "readonly Point[]", true, "More of them."],
  ]);
});

const GOOD = { x: 1, version: 3, size: "small" };
const VALUES: readonly (readonly [value: unknown, ...faults: string[]])[] = [
  [GOOD],
  [{ ...GOOD, size: null, more: [{ x: 2 }] }],
  [{ ...GOOD, x: "1" }, 'Place.x is "1", not number'],
  [{ ...GOOD, version: 4 }, "Place.version is 4, not 3"],
  [{ ...GOOD, size: "tiny" }, 'Place.size is "tiny", not Size | null'],
  [{ ...GOOD, more: [{ x: 2 }, {}] }, "Place.more[1].x is missing"],
  [{ ...GOOD, more: {} }, "Place.more is no list"],
  [{ ...GOOD, y: 1 }, "Place.y is unknown"],
  [{ version: 3, size: null }, "Place.x is missing"],
  [null, "Place is no object"],
  [[], "Place is no object"],
];

for (const [value, ...faults] of VALUES) {
  Deno.test(`${JSON.stringify(value)}: ${faults.join(", ") || "as declared"}`, () => {
    deepEqual(faultsOfJson(SCHEMA, "Place", value), faults);
  });
}

for (const { root, sources } of JSON_PAGES) {
  Deno.test(`each field that ${root} reaches has a meaning`, () => {
    const read = (path: string): string => Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));
    const schema = schemaOf(...sources.map(read));
    equal(schema.objects.has(root), true);
    const bare = objectsFrom(schema, root).flatMap((name) =>
      fieldsOf(schema, name).filter(({ doc }) => doc === "").map((field) => `${name}.${field.name}`)
    );
    deepEqual(bare, []);
  });
}

Deno.test("each type that a table of the page names is described there, or is one of JSON's", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/json.md", import.meta.url));
  const described = new Set(Array.from(page.matchAll(/^### (\w+)$/gm), ([, name]) => name));
  const types = Array.from(
    page.matchAll(/^\| `\w+` +\| `([^`]+)`/gm),
    ([, type = ""]) => type.replaceAll(/"[^"]*"/g, ""),
  );
  const named = new Set(types.flatMap((type) => Array.from(type.matchAll(/\b[A-Z]\w*/g), ([name]) => name)));
  deepEqual([...named].filter((name) => !described.has(name) && name !== "Record"), []);
});
