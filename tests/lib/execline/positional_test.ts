// Frames of positional parameters: set, pushed, popped, substituted.

import { deepEqual, equal } from "node:assert/strict";
import { Environment } from "../../../lib/environment.ts";
import {
  frameOf,
  isOption,
  isPositional,
  popFrame,
  positionalBindings,
  pushFrame,
  setFrame,
} from "../../../lib/execline/positional.ts";

function sorted(environment: Environment): string[] {
  return environment.toWords().sort();
}

Deno.test("pushing moves every frame one down", () => {
  const environment = Environment.of(["#=1", "1=a", "1:1=b", "#:9=c", "9x=d", "1:x=e", "A=f", "?=g"]);
  deepEqual(
    sorted(pushFrame(environment, isPositional)),
    ["#:10=c", "#:1=1", "1:1=a", "1:2=b", "1:x=e", "9x:1=d", "?=g", "A=f"],
  );
});

Deno.test("popping undoes a push", () => {
  const environment = Environment.of(["#=1", "0=s", "1=a", "1:1=b", "A=f"]);
  deepEqual(sorted(popFrame(pushFrame(environment, isPositional), isPositional)), sorted(environment));
  deepEqual(sorted(popFrame(environment, isPositional)), ["1=b", "A=f"]);
});

Deno.test("the options of elgetopt are a frame of their own", () => {
  const environment = Environment.of(["ELGETOPT_a=1", "ELGETOPT_a:1=2", "ELGETOPT=3", "1=4"]);
  deepEqual(sorted(popFrame(environment, isOption)), ["1=4", "ELGETOPT=3", "ELGETOPT_a=2"]);
});

Deno.test("a frame that is set can be read", () => {
  const frame = { script: "s", args: ["a", "", "b c"] };
  deepEqual(frameOf(setFrame(Environment.of(["4=left"]), frame)), frame);
});

Deno.test("a frame with a variable missing is none", () => {
  for (const words of [[], ["#=0"], ["#=1", "0=s"], ["#=x", "0=s"], ["0=s"]]) {
    equal(frameOf(Environment.of(words)), undefined);
  }
});

Deno.test("missing parameters are empty up to the least number", () => {
  const bindings = positionalBindings({ script: "s", args: ["a"] }, 2);
  deepEqual(["#", "0", "@", "1", "2"].map((key) => bindings.get(key)), [["1"], ["s"], ["a"], ["a"], [""]]);
  for (const key of ["3", "01", "00", "", "x", "-1"]) equal(bindings.get(key), undefined);
});

Deno.test("${@} may leave the first ones out", () => {
  deepEqual(positionalBindings({ script: "s", args: ["a", "b", "c"] }, 2, 2).get("@"), ["c"]);
  deepEqual(positionalBindings({ script: "s", args: ["a"] }, 2, 2).get("@"), []);
});
