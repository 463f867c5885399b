import { deepEqual } from "node:assert/strict";
import { directoriesInScript, directoriesInWords } from "../../../../lib/overlay/logs/log_directories_of.ts";

const WORDS: readonly (readonly [line: string, ...directories: string[]])[] = [
  ["s6-log -bp -- n20 s1000000 T /var/log/web", "/var/log/web"],
  ["/usr/bin/s6-log t -.* +err n3 !gzip =/run/status /var/log/errors f ./main", "/var/log/errors", "/srv/web/log/main"],
  ["multilog t ./main", "/srv/web/log/main"],
  ["svlogd -tt /var/log/web", "/var/log/web"],
  ["sh -c s6-log /var/log/web"],
  ["cat /var/log/web"],
  ["s6-log n20 1"],
  [""],
];

Deno.test("the command line of a logger names its directories", () => {
  for (const [line, ...directories] of WORDS) {
    deepEqual([line, ...directoriesInWords(line.split(" "), "/srv/web/log")], [line, ...directories]);
  }
});

const SCRIPTS: readonly (readonly [script: string, ...directories: string[]])[] = [
  ["#!/bin/sh\nexec logutil-service /var/log/web\n", "/var/log/web"],
  ["#!/bin/execlineb -P\nlogutil-service\n  /var/log/web\n", "/var/log/web"],
  ["#!/bin/sh\nexec s6-setuidgid nobody s6-log n20 'T' \"/var/log/my.web\"\n", "/var/log/my.web"],
  ["#!/bin/sh\n# s6-log /var/log/old\nexec s6-log /var/log/new\n", "/var/log/new"],
  ["#!/bin/sh\nexec s6-log /var/log/a -* +err /var/log/b", "/var/log/b"],
  ['#!/bin/sh\nexec s6-log "/var/log/$NAME"\n'],
  ["#!/bin/sh\nexec s6-log /var/log/`hostname`\n"],
  ["#!/bin/sh\nexec cat >>/var/log/web\n"],
  ["#!/bin/sh\ncd /var/log/web\nexec s6-log .\n"],
  [""],
];

Deno.test("a run script names a directory where it is plain, and else none", () => {
  for (const [script, ...directories] of SCRIPTS) {
    deepEqual([script, ...directoriesInScript(script)], [script, ...directories]);
  }
});
