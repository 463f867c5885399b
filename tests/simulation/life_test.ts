// Random lives of a container, from its boot to its end.

import { simulate } from "./sequence.ts";

Deno.test("whatever happens, a container keeps the rules of its life", () => simulate("life", 1, 0, 30_000));
