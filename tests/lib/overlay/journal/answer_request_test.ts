// Requests at the door: what is answered, what is refused and why, and what services are told.

import { deepEqual, equal } from "node:assert/strict";
import { answerRequest } from "../../../../lib/overlay/journal/answer_request.ts";
import type { ServiceCommand } from "../../../../lib/supervise/control.ts";
import { fencedBlocks } from "../../../surroundings/manual_page.ts";
import { exampleService, exampleSnapshot } from "./example_snapshot.ts";

const SERVICES = [exampleService({ name: "db", state: "down", starts: 0 }), exampleService({ starts: 4 })];

interface Answered {
  readonly answer: unknown;
  readonly did: readonly string[];
}

function answered(request: unknown, mayChange = true): Answered {
  const did: string[] = [];
  const text = typeof request === "string" ? request : JSON.stringify({ version: 1, ...request as object });
  const answer = answerRequest(text, mayChange, {
    scanner: {
      command: (name, command: ServiceCommand) => {
        did.push(`${name} ${command.on}${command.on === "signal" ? ` ${command.signal}` : ""}`);
        return true;
      },
    },
    printedLast: (name) => [`${name} was here\n`, ""],
    snapshot: (journal, names) => {
      did.push(`snapshot ${journal} ${names}`);
      return { ...exampleSnapshot(), services: SERVICES.filter(({ name }) => names?.includes(name) ?? true) };
    },
  });
  return { answer, did };
}

/** The answer, with the services as they were before. */
function done(request: object): unknown {
  const { services } = request as { readonly services: readonly string[] };
  const before = SERVICES.filter(({ name }) => services.includes(name)).map((
    { name, state, failed, paused, starts },
  ) => ({ name, state, failed, paused, starts }));
  const unknown = services.filter((name) => !before.some((known) => known.name === name));
  return { version: 1, now: exampleSnapshot().now, unknown, before };
}

const TOLD: readonly (readonly [request: object, ...did: string[]])[] = [
  [{ ask: "do", deed: "up", services: ["web"] }, "web up"],
  [{ ask: "do", deed: "down", services: ["web", "db"] }, "web down", "db down"],
  [{ ask: "do", deed: "restart", services: ["web"] }, "web down", "web up"],
  [{ ask: "do", deed: "reload", services: ["web"] }, "web reloadSignal"],
  [{ ask: "signal", signal: "USR1", services: ["web"] }, "web signal 10"],
  [{ ask: "signal", signal: "SIGHUP", services: [] }],
];

for (const [request, ...did] of TOLD) {
  Deno.test(`${JSON.stringify(request)} is done: ${did.join(", ")}`, () => {
    const { services } = request as { readonly services: readonly string[] };
    deepEqual(answered(request), { answer: done(request), did: [`snapshot false ${services}`, ...did] });
  });
}

Deno.test("the requests that docs/json.md shows are answered", async () => {
  const page = await Deno.readTextFile(new URL("../../../../docs/json.md", import.meta.url));
  const [block] = fencedBlocks(page);
  equal(block!.lines.length, 4);
  for (const line of block!.lines) {
    deepEqual(Object.keys(answered(line).answer as object).includes("error"), false, line);
  }
});

Deno.test("where one of the services is unknown, nothing is done", () => {
  const request = { ask: "do", deed: "down", services: ["web", "nope"] };
  deepEqual(answered(request), { answer: done(request), did: ["snapshot false web,nope"] });
});

Deno.test("those who may only read are told who may change", () => {
  const error = "only root and the user of process 1 may change services: ask as one of them";
  const request = { ask: "do", deed: "down", services: ["web"] };
  deepEqual(answered(request, false), { answer: { version: 1, error }, did: [] });
  deepEqual(answered({ ask: "snapshot" }, false).did, ["snapshot false undefined"]);
});

Deno.test("what services have printed last is told to those who may change them only", () => {
  const request = { ask: "printed", services: ["web", "nope"] };
  const printed = [{ name: "web", tails: ["web was here\n", ""] }];
  deepEqual(answered(request).answer, { version: 1, printed });
  const error = "only root and the user of process 1 may read what services have printed: ask as one of them";
  deepEqual(answered(request, false), { answer: { version: 1, error }, did: [] });
});

Deno.test("a snapshot may be of some services, and have the journal", () => {
  deepEqual(answered({ ask: "snapshot", journal: true, services: ["web"] }).did, ["snapshot true web"]);
});

const REFUSED: readonly (readonly [request: unknown, error: string])[] = [
  ["{", "the request is no JSON object"],
  ["", "the request is no JSON object"],
  ["null", "the request is no JSON object"],
  ["7", "the request is no JSON object"],
  [
    '{"version":1,"ask":{"toString":1}}',
    "no such request: an object; it is one of snapshot, do, signal, printed",
  ],
  ['{"version":{"valueOf":1}}', "the request has version an object, this process 1 answers to 1"],
  ["[]", "the request has version undefined, this process 1 answers to 1"],
  ['{"version":2,"ask":"snapshot"}', "the request has version 2, this process 1 answers to 1"],
  [{}, "no such request: undefined; it is one of snapshot, do, signal, printed"],
  [{ ask: "nope", services: [] }, "no such request: nope; it is one of snapshot, do, signal, printed"],
  [{ ask: "snapshot", services: "web" }, "services is no list of names"],
  [{ ask: "snapshot", services: [7] }, "services is no list of names"],
  [{ ask: "do", deed: "up" }, "services is missing: name those that are meant"],
  [{ ask: "do", deed: "explode", services: [] }, "no such deed: explode; it is one of up, down, restart, reload"],
  [
    { ask: "do", deed: "constructor", services: [] },
    "no such deed: constructor; it is one of up, down, restart, reload",
  ],
  [{ ask: "signal", signal: "NOPE", services: [] }, "no such signal: NOPE"],
  [{ ask: "signal", services: [] }, "no such signal: undefined"],
];

for (const [request, error] of REFUSED) {
  Deno.test(`${JSON.stringify(request)} is refused: ${error}`, () => {
    deepEqual(answered(request), { answer: { version: 1, error }, did: [] });
  });
}

Deno.test("a request that is nested as deep as it has bytes is refused", () => {
  const deep = "[".repeat(30_000) + "]".repeat(30_000);
  const error = "no such request: an object; it is one of snapshot, do, signal, printed";
  deepEqual(answered(`{"version":1,"ask":${deep}}`).answer, { version: 1, error });
});
