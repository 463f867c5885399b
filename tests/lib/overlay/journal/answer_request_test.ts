import { deepEqual, equal } from "node:assert/strict";
import { answerRequest } from "../../../../lib/overlay/journal/answer_request.ts";
import type { ServiceCommand } from "../../../../lib/supervise/control.ts";
import { at, containerLike, serviceLike } from "../status/made.ts";

const SERVICES = [serviceLike({ name: "db", state: "down", starts: 0 }), serviceLike({ name: "web", starts: 4 })];

/** The answer, and what services were told. */
function asked(request: unknown, mayChange = true): [answer: unknown, told: string[]] {
  const told: string[] = [];
  const answer = answerRequest(typeof request === "string" ? request : JSON.stringify(request), mayChange, {
    scanner: {
      command: (name, command: ServiceCommand) => {
        told.push(`${name} ${command.on}${command.on === "signal" ? ` ${command.signal}` : ""}`);
        return true;
      },
    },
    snapshot: (journal, names) => ({
      version: 1,
      now: at(7),
      container: containerLike(),
      services: SERVICES.filter(({ name }) => names === undefined || names.includes(name)),
      scripts: [],
      journal: journal ? [{ number: 1, at: at(1), subject: "web", event: "up", text: "" }] : [],
    }),
  });
  return [answer, told];
}

const request = (more: Readonly<Record<string, unknown>>) => ({ version: 1, ...more });

Deno.test("each deed comes to its commands", () => {
  const commands = (deed: string): string[] => asked(request({ ask: "do", deed, services: ["web"] }))[1];
  deepEqual(commands("up"), ["web up"]);
  deepEqual(commands("down"), ["web down"]);
  deepEqual(commands("restart"), ["web down", "web up"]);
  deepEqual(commands("reload"), ["web reloadSignal"]);
});

Deno.test("the answer says what the services were like before", () => {
  const [answer, told] = asked(request({ ask: "signal", signal: "HUP", services: ["web", "db"] }));
  deepEqual(answer, {
    version: 1,
    now: at(7),
    unknown: [],
    before: [{ name: "db", state: "down", starts: 0 }, { name: "web", state: "up", starts: 4 }],
  });
  deepEqual(told, ["web signal 1", "db signal 1"]);
});

Deno.test("where a service is unknown none is told anything", () => {
  const [answer, told] = asked(request({ ask: "do", deed: "down", services: ["web", "nope"] }));
  deepEqual([(answer as { unknown: unknown }).unknown, told], [["nope"], []]);
});

Deno.test("who may only ask changes nothing", () => {
  const [answer, told] = asked(request({ ask: "do", deed: "down", services: ["web"] }), false);
  deepEqual(told, []);
  equal(
    (answer as { error: string }).error,
    "only root and the user of process 1 may change services: ask as one of them",
  );
  const [snapshot] = asked(request({ ask: "snapshot", services: ["web"] }), false);
  deepEqual((snapshot as { services: unknown }).services, [SERVICES[1]]);
});

const BAD: readonly (readonly [unknown, string])[] = [
  ["{", "the request is no JSON object"],
  [{}, "the request has version undefined, this process 1 answers to 1"],
  [{ version: 2 }, "the request has version 2, this process 1 answers to 1"],
  [request({}), "services is missing: name those that are meant"],
  [request({ services: "web" }), "services is no list of names"],
  [request({ services: [1] }), "services is no list of names"],
  [request({ ask: "dance", services: [] }), "no such request: dance; it is one of snapshot, do, signal"],
  [request({ ask: "do", deed: "\x1b", services: [] }), "no such deed: \\x1b; it is one of up, down, restart, reload"],
  [request({ ask: "signal", signal: "NOPE", services: ["web"] }), "no such signal: NOPE"],
  [request({ ask: "signal", services: ["web"] }), "no such signal: undefined"],
];

Deno.test("a bad request gets one line, and nothing is done", () => {
  for (const [given, error] of BAD) deepEqual(asked(given), [{ version: 1, error }, []]);
});
