import { deepEqual, throws } from "node:assert/strict";
import { chosenServices } from "../../../../lib/overlay/control/choice.ts";

const service = (name: string, isLogger = false) => ({ name, isLogger });
const KNOWN = [
  service("db"),
  service("s6-fdholderd"),
  service("s6-svscan-log", true),
  service("s6rc-fdholder"),
  service("s6rc-oneshot-runner"),
  service("web"),
  service("web/log", true),
];

Deno.test("services are meant by their names, each once", () => {
  deepEqual(chosenServices(["web", "db", "web"], KNOWN), ["web", "db"]);
  deepEqual(chosenServices(["web/log"], KNOWN), ["web/log"]);
  deepEqual(chosenServices(["s6-fdholderd"], KNOWN), ["s6-fdholderd"]);
});

Deno.test("all is all but loggers and the overlay's own, unless a service is called so", () => {
  deepEqual(chosenServices(["all"], KNOWN), ["db", "web"]);
  deepEqual(chosenServices(["all"], []), []);
  deepEqual(chosenServices(["all"], [...KNOWN, service("all")]), ["all"]);
});

const UNKNOWN: readonly (readonly [string[], string])[] = [
  [["wep"], "there is no service wep; did you mean web?"],
  [["web", "wbe/log"], "there is no service wbe/log; did you mean web/log?"],
  [["/run/s6/services/web"], "there is no service /run/s6/services/web; did you mean web?"],
  [["nginx"], "there is no service nginx; s6-overlay status lists them"],
  [["x\x1b"], "there is no service x\\x1b; s6-overlay status lists them"],
  [[""], 'there is no service of the name ""; s6-overlay status lists them'],
  [["all", "web"], "there is no service all; s6-overlay status lists them"],
];

Deno.test("a service that is not there is named, with the one that may be meant", () => {
  for (const [words, message] of UNKNOWN) {
    throws(() => chosenServices(words, KNOWN), { message, code: 100 }, words.join(" "));
  }
});
