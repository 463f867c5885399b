import { deepEqual, equal, ok } from "node:assert/strict";
import { canQuote, escaped, unquoted } from "../../../cli/portable/quoting.ts";
import { Random } from "../../random/random.ts";

const PRINTABLE = /^[ -~]*$/;
const QUOTES = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter(canQuote);

Deno.test("what is quoted is printable, and reads as what it was, whatever the quote", () => {
  const random = new Random(1);
  for (let round = 0; round < 2000; round++) {
    const quote = random.pick(QUOTES);
    const text = Array.from(
      { length: random.below(12) },
      () => random.chance(0.3) ? random.pick([quote, "\\", "0", "x"]) : String.fromCharCode(random.below(256)),
    ).join("");
    const inside = escaped(text, quote);
    ok(PRINTABLE.test(inside), inside);
    deepEqual(unquoted(quote + inside + quote, quote), { text, end: inside.length + 1 });
    equal((unquoted(escaped(text, ""), "") as { text: string }).text, text);
  }
});

Deno.test("whatever is read ends in a text or in a fault within it", () => {
  const random = new Random(2);
  for (let round = 0; round < 5000; round++) {
    const soup = Array.from({ length: random.below(9) }, () => random.pick(['"', "\\", "0", "x", "a", "f", "é", "q"]));
    const text = soup.join("");
    const result = unquoted(text, random.pick(["", '"', 'q"']));
    if ("end" in result) ok(result.end <= text.length);
    else if (result.fault === "bad") ok(result.at <= text.length);
  }
});
