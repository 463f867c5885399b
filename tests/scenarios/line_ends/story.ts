// Scripts with CRLF line ends run, each with one warning; the files of the image stay as they are.

import { deepEqual } from "node:assert/strict";
import type { Story } from "../story.ts";

const script = (...lines: string[]): { content: string; mode: number } => ({
  content: lines.map((line) => `${line}\r\n`).join(""),
  mode: 0o755,
});

const SCRIPTS = {
  "etc/cont-init.d/01-shell": script("#!/bin/sh", "if true; then", "  echo $0", "fi"),
  "etc/cont-init.d/02-execline": script("#!/bin/execlineb -P", "foreground { s6-echo a }", "s6-echo \\", "  b"),
  "etc/services.d/work/run": script("#!/usr/bin/with-contenv sh", "echo working", "echo >&3", "exec sleep 1000"),
  "etc/services.d/work/finish": script("#!/bin/sh", "echo finished >/proc/1/fd/1"),
  "opt/command": script("#!/bin/sh", "echo command $1"),
  "etc/cont-finish.d/01-last": script("#!/bin/sh", "echo last"),
};

export const story: Story = {
  setting: {
    files: {
      ...SCRIPTS,
      "etc/services.d/work/notification-fd": "3\n",
      "etc/cont-init.d/03-plain": "#!/bin/sh\nhead -n 1 /etc/cont-init.d/01-shell | od -c | head -n 1\n",
    },
    environment: { S6_CMD_WAIT_FOR_SERVICES: "1" },
    arguments: ["/opt/command", "word"],
  },
  code: 0,
  unordered: true,
  steps: async (container) => {
    const { stderr } = await container.ended;
    const warnings = Object.keys(SCRIPTS).map((path) =>
      `s6-init: warning: /${path}, line 1: has CRLF line ends; it is run as a copy without them`
    );
    deepEqual(stderr.trimEnd().split("\n").sort(), warnings.sort());
  },
};
