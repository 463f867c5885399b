// docs/json.md: what can be had as JSON, printed from the interfaces that declare it.

import { fieldsOf, type JsonSchema, schemaOf } from "./json_schema.ts";

interface JsonPage {
  readonly title: string;
  readonly intro: string;
  /** Where it is declared; the first object is the whole. */
  readonly sources: readonly string[];
  readonly root: string;
}

const TOLD = ["lib/overlay/journal/snapshot.ts", "lib/overlay/life.ts", "lib/reporter.ts"];
/** What s6-rc defines that was named. */
const DEFINED = "lib/overlay/rc/defined.ts";

export const JSON_PAGES: readonly JsonPage[] = [
  {
    title: "What process 1 tells",
    intro: "The answer to the request `snapshot`.",
    sources: TOLD,
    root: "Snapshot",
  },
  {
    title: "What a deed and a signal are answered with",
    intro: "Before anything has come of it.",
    sources: ["lib/overlay/journal/request.ts", ...TOLD],
    root: "Done",
  },
  {
    title: "What services have printed last",
    intro: "The answer to the request `printed`, for root and the user of process 1, where `S6_OUTPUT` is not plain.",
    sources: ["lib/overlay/journal/request.ts", ...TOLD],
    root: "PrintedLast",
  },
  {
    title: "s6-overlay status -j",
    intro: "One object in a line.",
    sources: ["lib/overlay/status/status_report.ts", DEFINED, ...TOLD],
    root: "StatusReport",
  },
  {
    title: "s6-overlay explain -j",
    intro: "One object in a line.",
    sources: ["lib/overlay/explain/explanation.ts", DEFINED, ...TOLD],
    root: "Explanation",
  },
  {
    title: "s6-overlay timeline -j, and a file of S6_TIMELINE",
    intro: "One object.",
    sources: ["lib/overlay/timeline/timeline.ts", ...TOLD],
    root: "Timeline",
  },
  {
    title: "s6-overlay lint -j",
    intro: "One object in a line.",
    sources: ["lib/overlay/lint/finding.ts"],
    root: "LintReport",
  },
];

/** How to ask: the words that no declaration has. */
const REQUESTS = [
  "## Requests",
  "Process 1 listens at `/run/s6/questions`, a Unix socket for messages (`SOCK_SEQPACKET`). A request is one message, a " +
  "JSON object with `version` 1; the answer is one JSON object, in as many messages as it takes, and then the " +
  "connection is closed. Root and the user of process 1 may ask for everything; members of the group in " +
  '`S6_STATUS_GROUP` may ask for snapshots. Where something is refused the answer is `{"version":1,"error":"..."}`. ' +
  "`s6-overlay` is made of these requests.",
  "```json",
  '{ "version": 1, "ask": "snapshot", "journal": true, "services": ["web"] }',
  '{ "version": 1, "ask": "do", "deed": "restart", "services": ["web"] }',
  '{ "version": 1, "ask": "signal", "signal": "HUP", "services": ["web"] }',
  '{ "version": 1, "ask": "printed", "services": ["web"] }',
  "```",
  "`journal` and `services` may be left out of a request for a snapshot: it is then of all services, without the " +
  "journal. A deed is `up`, `down`, `restart` or `reload`.",
];

/** The page. `read` gives the text of a file of the project. */
export function printJson(
  read: (path: string) => string,
  printed: string,
  table: (head: readonly string[], rows: readonly (readonly string[])[]) => string,
): string {
  const told = new Set<string>();
  const pages = JSON_PAGES.flatMap(({ title, intro, sources, root }) => {
    const schema = schemaOf(...sources.map(read));
    const names = objectsFrom(schema, root).filter((name) => !told.has(name));
    for (const name of names) told.add(name);
    return [`## ${title}`, intro, ...names.flatMap((name) => object(schema, name, table))];
  });
  return [
    "# JSON",
    printed,
    "Whatever is printed or answered as JSON has a `version`, that of its fields: a field may be added without a new " +
    "one; one that changes its meaning brings a new one. Only of `s6-overlay version -j` it is the program's own. Times " +
    "are milliseconds unless a field says otherwise.",
    "Names and texts are bytes, JSON is UTF-8. A byte that is no UTF-8 stands as the character whose number is that of the " +
    "byte and EF00 in hexadecimal, U+EF80 to U+EFFF; where a text has such a character itself, its three bytes stand so. " +
    "In requests it is the same: no two names look alike.",
    ...REQUESTS,
    ...pages,
  ].join("\n\n").replaceAll("```json\n\n", "```json\n").replaceAll("}\n\n{", "}\n{").replaceAll("}\n\n```", "}\n```");
}

/** The names of the object and of those that it has in it, in the order in which they are met. */
export function objectsFrom(schema: JsonSchema, root: string): readonly string[] {
  const found = new Set([root]);
  for (const name of found) {
    for (const { type } of fieldsOf(schema, name)) {
      for (const [word] of type.matchAll(/\w+/g)) if (schema.objects.has(word)) found.add(word);
    }
  }
  return [...found];
}

function object(
  schema: JsonSchema,
  name: string,
  table: (head: readonly string[], rows: readonly (readonly string[])[]) => string,
): string[] {
  const rows = fieldsOf(schema, name).map(({ name, type, optional, doc }) => [
    `\`${name}\``,
    `\`${resolved(schema, type)}\`${optional ? ", may be missing" : ""}`,
    doc,
  ]);
  return [`### ${name}`, schema.objects.get(name)!.doc, table(["Field", "Type", "Meaning"], rows)].filter(Boolean);
}

/** The type in words of JSON: named types stand for what they are, but for objects. */
function resolved({ objects, names }: JsonSchema, type: string): string {
  const field = type.replace(
    /(\w+)\["(\w+)"\]/g,
    (_, owner, field) => fieldsOf({ objects, names }, owner).find(({ name }) => name === field)!.type,
  );
  const plain = field.replace(
    /typeof \w+|(?<!")\b[A-Z]\w*\b(?!")/g,
    (word) => objects.has(word) ? word : names.get(word) ?? word,
  );
  return (plain === type ? plain : resolved({ objects, names }, plain)).replace(/^readonly /, "");
}
