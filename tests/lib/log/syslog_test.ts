import { equal } from "node:assert/strict";
import { lineOf, withNames } from "../../../lib/log/syslog.ts";

Deno.test("a code becomes its names", () => {
  equal(withNames("<13>hello"), "user.notice: hello");
  equal(withNames("<191>"), "local7.debug: ");
  equal(withNames("<4294967295>a"), "unknown.debug: a");
});

Deno.test("what is no code stays", () => {
  for (const text of ["", "<", "<13", "<>a", "<a>", "< 13>", "a<13>b", "<4294967296>a"]) equal(withNames(text), text);
});

Deno.test("a datagram becomes one line", () => {
  equal(lineOf("<13>a\nb\0c\n\0", { raw: false, cut: false }), "user.notice: a~b~c\n");
  equal(lineOf("<13>a\n", { raw: true, cut: true }), "<13>a...\n");
  equal(lineOf("", { raw: false, cut: false }), "\n");
});
