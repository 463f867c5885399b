import { equal } from "node:assert/strict";
import { findZone, isoText, type Zone } from "../../../lib/log/timezone.ts";

const nothing = (): undefined => undefined;

/** Offsets as the runtime's own tables have them. */
function offsets(name: string): Zone {
  const format = new Intl.DateTimeFormat("en", { timeZone: name, timeZoneName: "longOffset" });
  return (seconds) => {
    const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(format.format(seconds * 1000))!;
    return hours === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
  };
}

/** Asserts that a zone and the runtime agree at every noon of some years. */
function compare(zone: Zone, name: string, from: number, to: number): void {
  const known = offsets(name);
  for (let noon = Date.UTC(from, 0, 1, 12) / 1000; noon < Date.UTC(to, 0, 1) / 1000; noon += 86400) {
    equal(zone(noon), known(noon), `${name} ${new Date(noon * 1000).toISOString()}`);
  }
}

const RULES: readonly (readonly [string, string])[] = [
  ["CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Berlin"],
  ["EST5EDT,M3.2.0,M11.1.0", "America/New_York"],
  ["EST5EDT", "America/New_York"],
  ["AEST-10AEDT,M10.1.0,M4.1.0/3", "Australia/Sydney"],
  ["<+0530>-5:30", "Asia/Kolkata"],
  ["<-03>3", "America/Sao_Paulo"],
  ["UTC0", "UTC"],
];

for (const [text, name] of RULES) {
  Deno.test(`the rules ${text} are those of ${name}`, () => compare(findZone(text, nothing), name, 2022, 2025));
}

Deno.test("days of the year in rules count with and without the leap day", () => {
  const first = (text: string, year: number): string => {
    const zone = findZone(text, nothing);
    let at = Date.UTC(year, 0, 1) / 1000;
    for (let hours = 0; hours < 2400 && zone(at) === 0; hours++) at += 3600;
    return new Date(at * 1000).toISOString().slice(0, 10);
  };
  equal(first("AAA0BBB,J60/0,J300/0", 2023), "2023-03-01");
  equal(first("AAA0BBB,J60/0,J300/0", 2024), "2024-03-01");
  equal(first("AAA0BBB,59/0,300/0", 2023), "2023-03-01");
  equal(first("AAA0BBB,59/0,300/0", 2024), "2024-02-29");
});

/** TZif data: version 2, one entry at the year 2000 from two hours east to one hour west, then the rules given. */
function tzif(rules: string): string {
  const number = (value: number): string =>
    [24, 16, 8, 0].map((shift) => String.fromCharCode((value >> shift) & 255)).join("");
  const header = (times: number, types: number): string =>
    "TZif2" + "\0".repeat(15) + [0, 0, 0, times, types, 4].map(number).join("");
  const empty = header(0, 1) + number(0) + "\0\0UTC\0";
  const types = number(7200) + "\0\0" + number(-3600) + "\0\0";
  const full = header(1, 2) + number(0) + number(946684800) + "\x01" + types + "ABC\0";
  return `${empty}${full}\n${rules}\n`;
}

Deno.test("a zone file gives the offsets of its entries, then of its rules", () => {
  const zone = findZone(undefined, (path) => path === "/etc/localtime" ? tzif("") : undefined);
  equal(zone(946684799), 7200);
  equal(zone(946684800), -3600);
  const ruled = findZone("Some/Where", (path) => path === "/usr/share/zoneinfo/Some/Where" ? tzif("XXX-3") : undefined);
  equal(ruled(946684799), 7200);
  equal(ruled(946684800), 10800);
  equal(findZone(":/some/file", (path) => path === "/some/file" ? tzif("XXX-3") : undefined)(946684800), 10800);
});

Deno.test("what cannot be understood is UTC", () => {
  for (const tz of ["", "nonsense/zone", "../../etc/passwd", "A", ":"]) equal(findZone(tz, () => "not TZif")(0), 0);
  equal(findZone(undefined, nothing)(0), 0);
});

Deno.test("the zones of this machine agree with the runtime", () => {
  const read = (path: string): string | undefined => {
    try {
      return String.fromCharCode(...Deno.readFileSync(path));
    } catch {
      return undefined;
    }
  };
  for (const name of ["Europe/London", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"]) {
    if (read(`/usr/share/zoneinfo/${name}`) !== undefined) compare(findZone(name, read), name, 2005, 2007);
  }
});

Deno.test("a time is written with all nine digits of its second", () => {
  const instant = { seconds: 1_700_000_000, nanoseconds: 42 };
  equal(isoText(instant, () => 0), "2023-11-14 22:13:20.000000042");
  equal(isoText(instant, () => 7200), "2023-11-15 00:13:20.000000042");
});
