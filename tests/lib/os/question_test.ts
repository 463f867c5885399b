// What a call asks process 1, as bytes.

import { deepEqual, equal } from "node:assert/strict";
import { rawBytes } from "../../../lib/bytes.ts";
import { decodeQuestion, MOST_RESULTS, QUESTION_VERSION } from "../../../lib/os/question.ts";

interface Parts {
  readonly version?: number;
  readonly counts?: readonly [argc: number, envc: number, results: number];
  /** Status and size. */
  readonly results?: readonly (readonly [number, number])[];
  readonly texts?: string;
  readonly words?: string;
}

function bytesOf(
  { version = QUESTION_VERSION, counts, results = [], texts = "", words = "/bin/x\0x\0a\xff\0A=b\0" }: Parts,
): Uint8Array<ArrayBuffer> {
  const fields = [version, ...(counts ?? [2, 1, results.length]), 1, 2, 30, 40, 50, 2 ** 40, ...results.flat()];
  return new Uint8Array([...new Uint8Array(new BigUint64Array(fields.map(BigInt)).buffer), ...rawBytes(texts + words)]);
}

Deno.test("a question has the caller's place, its command and how its children have ended", () => {
  deepEqual(decodeQuestion(bytesOf({ results: [[0, 3], [256, 0], [0, 2]], texts: "a\0bcd" })), {
    place: [1, 2, 30, 40, 50],
    capabilities: 1n << 40n,
    results: [{ status: 0, text: "a\0b" }, { status: 256, text: "" }, { status: 0, text: "cd" }],
    executed: "/bin/x",
    argv: ["x", "a\xff"],
    env: ["A=b"],
  });
});

Deno.test("words may be empty, and there need be none", () => {
  const decoded = decodeQuestion(bytesOf({ counts: [1, 1, 0], words: "\0\0\0" }));
  deepEqual([decoded?.executed, decoded?.argv, decoded?.env], ["", [""], [""]]);
  deepEqual(decodeQuestion(bytesOf({ counts: [0, 0, 0], words: "x\0" }))?.argv, []);
});

Deno.test("what is no question is refused", () => {
  const whole = bytesOf({});
  for (let size = 0; size < whole.length; size++) {
    equal(decodeQuestion(whole.slice(0, size)), undefined, `${size} bytes`);
  }
  equal(decodeQuestion(bytesOf({ version: QUESTION_VERSION + 1 })), undefined);
  equal(decodeQuestion(bytesOf({ counts: [3, 1, 0] })), undefined);
  equal(decodeQuestion(bytesOf({ counts: [2, 2, 0] })), undefined);
  equal(decodeQuestion(bytesOf({ counts: [2, 1, 1000] })), undefined);
  equal(decodeQuestion(bytesOf({ counts: [2 ** 52, 1, 0] })), undefined);
  equal(decodeQuestion(bytesOf({ results: Array(MOST_RESULTS + 1).fill([0, 0]) })), undefined);
  equal(decodeQuestion(bytesOf({ results: [[0, 1000]] })), undefined);
  equal(decodeQuestion(bytesOf({ results: [[0, 2 ** 52]] })), undefined);
});
