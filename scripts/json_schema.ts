// What our programs print as JSON, read from the interfaces that declare it: documentation is printed from them, and
// tests hold what is printed to them. Types are those that such interfaces need: names, literals, unions, lists.

interface JsonField {
  readonly name: string;
  readonly type: string;
  /** It may be left out. */
  readonly optional: boolean;
  readonly doc: string;
}

interface JsonObject {
  readonly name: string;
  readonly doc: string;
  /** The interface whose fields it has too, and those of them that it has not. */
  readonly parent: string | undefined;
  readonly without: readonly string[];
  readonly fields: readonly JsonField[];
}

export interface JsonSchema {
  readonly objects: ReadonlyMap<string, JsonObject>;
  /** Other named types: what each stands for. */
  readonly names: ReadonlyMap<string, string>;
}

const DOC = String.raw`(?:[ ]*/\*\*((?:(?!\*/)[^])*)\*/\n)?`;
const INTERFACE = new RegExp(`^${DOC}(?:export )?interface (\\w+)(?: extends ([^{]+?))? \\{\\n([^]*?)^\\}`, "gm");
const FIELD = new RegExp(`${DOC}  readonly (\\w+)(\\?)?: ([^;]+);`, "g");
const ALIAS = /^(?:export )?type (\w+) =([^;]+);/gm;
const NUMBER_CONSTANT = /^(?:export )?const (\w+) = (\d+);/gm;

/** The schema that these sources declare. */
export function schemaOf(...sources: readonly string[]): JsonSchema {
  const objects = new Map<string, JsonObject>();
  const names = new Map<string, string>([["ByteString", "string"]]);
  for (const source of sources) {
    for (const [, doc = "", name = "", parent, body = ""] of source.matchAll(INTERFACE)) {
      const fields = Array.from(body.matchAll(FIELD), ([, doc = "", name = "", mark, type = ""]) => ({
        name,
        type: oneLine(type),
        optional: mark !== undefined,
        doc: oneLine(doc.replace(/^\s*\*/gm, "")),
      }));
      const [, whole = parent, omitted = ""] = /^Omit<(\w+), (.*)>$/.exec(parent ?? "") ?? [];
      const without = Array.from(omitted.matchAll(/"(\w+)"/g), ([, field]) => field!);
      objects.set(name, { name, doc: oneLine(doc.replace(/^\s*\*/gm, "")), parent: whole, without, fields });
    }
    for (const [, name = "", type = ""] of source.matchAll(ALIAS)) {
      names.set(name, oneLine(type.replace(/\/\*\*[^]*?\*\//g, "")).replace(/^\| /, ""));
    }
    for (const [, name = "", value = ""] of source.matchAll(NUMBER_CONSTANT)) names.set(`typeof ${name}`, value);
  }
  return { objects, names };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** All fields of an object, those of its parents first. */
export function fieldsOf({ objects }: JsonSchema, name: string): readonly JsonField[] {
  const { parent, without, fields } = objects.get(name)!;
  if (parent === undefined) return fields;
  const inherited = fieldsOf({ objects, names: new Map() }, parent).filter(({ name }) => !without.includes(name));
  return [...inherited, ...fields];
}

/** What of the value is not as the type says, one line each with its path. */
export function faultsOfJson(schema: JsonSchema, type: string, value: unknown, path: string = type): string[] {
  const [, owner, field] = /^(\w+)\["(\w+)"\]$/.exec(type) ?? [];
  if (owner !== undefined && schema.objects.has(owner)) {
    return faultsOfJson(schema, fieldsOf(schema, owner).find(({ name }) => name === field)!.type, value, path);
  }
  const alternatives = splitUnion(type);
  if (alternatives.length > 1) {
    const all = alternatives.map((each) => faultsOfJson(schema, each, value, path));
    if (all.some((faults) => faults.length === 0)) return [];
    return typeof value === "object" && value !== null ? all[0]! : [`${path} is ${JSON.stringify(value)}, not ${type}`];
  }
  const list = /^(?:readonly )?(.+)\[\]$/.exec(type)?.[1];
  if (list !== undefined) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((each, index) =>
      faultsOfJson(schema, list.replace(/^\((.*)\)$/, "$1"), each, `${path}[${index}]`)
    );
  }
  if (schema.objects.has(type)) return faultsOfObject(schema, type, value, path);
  const meaning = schema.names.get(type);
  if (meaning !== undefined) return faultsOfJson(schema, meaning, value, path);
  return isOf(type, value) ? [] : [`${path} is ${JSON.stringify(value)}, not ${type}`];
}

function splitUnion(type: string): string[] {
  return /[({]/.test(type) ? [type] : type.split(" | ");
}

function isOf(type: string, value: unknown): boolean {
  if (/^(?:".*"|\d+|null|true|false)$/.test(type)) return value === JSON.parse(type);
  const kind: string = typeof value;
  return kind === type;
}

function faultsOfObject(schema: JsonSchema, type: string, value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${path} is no object`];
  const fields = fieldsOf(schema, type);
  const known = new Set(fields.map(({ name }) => name));
  const unknown = Object.keys(value).filter((name) => !known.has(name)).map((name) => `${path}.${name} is unknown`);
  return unknown.concat(fields.flatMap(({ name, type, optional }) => {
    const given = (value as Readonly<Record<string, unknown>>)[name];
    if (given === undefined) return optional ? [] : [`${path}.${name} is missing`];
    return faultsOfJson(schema, type, given, `${path}.${name}`);
  }));
}
