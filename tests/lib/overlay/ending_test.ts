import { deepEqual, equal } from "node:assert/strict";
import { ExitCodeRecord, recordedExitCode } from "../../../lib/overlay/ending.ts";
import type { FileStatus } from "../../../lib/os/os.ts";
import { OsError } from "../../../lib/report.ts";

const RECORD = "/var/run/s6/env-stage3/S6_STAGE2_EXITED";
const RESULT = "/run/s6-linux-init-container-results/exitcode";

function ending(
  files: Record<string, string>,
  isFull = false,
  trouble: { errno?: string } = {},
): { ending: ExitCodeRecord; warnings: string[]; scriptWrites: (path: string, content: string) => void } {
  const warnings: string[] = [];
  let writes = 0;
  const modified: Record<string, bigint> = {};
  const write = (path: string, content: string): void => {
    files[path] = content;
    modified[path] = BigInt(++writes);
  };
  const os = {
    find: (path: string) =>
      files[path] === undefined ? undefined : { modified: modified[path] ?? 0n } as unknown as FileStatus,
    readFile: (path: string) => {
      if (trouble.errno !== undefined) throw new OsError("open", path, trouble.errno, "Too many open files");
      const content = files[path];
      if (content === undefined) throw new OsError("open", path, "ENOENT", "No such file or directory");
      return content;
    },
    writeFile: (path: string, content: string) => {
      if (isFull) throw new OsError("write", path, "ENOSPC", "No space left on device");
      write(path, content);
    },
  };
  return { ending: new ExitCodeRecord(os, (line) => warnings.push(line)), warnings, scriptWrites: write };
}

Deno.test("recorded numbers stand for exit codes as in v2, but for signals", () => {
  deepEqual([0, 1, 255, 256, 257, 265, 320, 321, 511, 512, NaN, -1].map(recordedExitCode), [
    ...[0, 1, 255, 0, 129, 137, 192, 65, 255, 0, 0, 0],
  ]);
});

Deno.test("a record that a script has written stays, unless the command ends in the usual way", () => {
  const files: Record<string, string> = { [RECORD]: "7\n" };
  const { ending: end } = ending(files);
  end.recordIfFirst(3);
  equal(end.exitCode(), 7);
  end.record(4);
  equal(end.exitCode(), 4);
});

Deno.test("the file of v3 counts most, if it holds a number", () => {
  for (
    const [content, code, told] of [[" 9\n", 9, 0], ["", 3, 0], ["-1", 3, 1], ["9 9", 3, 1], ["300", 172, 0]] as const
  ) {
    const { ending: end, warnings } = ending({ [RECORD]: "3", [RESULT]: content });
    deepEqual([end.exitCode(), warnings.length], [code, told], content);
  }
});

Deno.test("an exit code that could not be written is not lost", () => {
  const { ending: end, warnings } = ending({}, true);
  end.recordIfFirst(3);
  equal(end.exitCode(), 3);
  deepEqual(warnings, [`unable to write ${RECORD}: No space left on device`]);
});

Deno.test("a container that nobody has said anything about ends with 0", () => equal(ending({}).ending.exitCode(), 0));

Deno.test("a record that cannot be read in the end is known all the same, but not one that was removed", () => {
  const trouble: { errno?: string } = {};
  const { ending: end } = ending({}, false, trouble);
  end.record(3);
  trouble.errno = "EMFILE";
  equal(end.exitCode(), 3);
  trouble.errno = "ENOENT";
  equal(end.exitCode(), 0);
});

Deno.test("scripts find how the command ended in both files, as an exit code in that of v3", () => {
  for (const [code, shown] of [[0, "0"], [3, "3"], [256 + 9, "137"]] as const) {
    const files: Record<string, string> = { [RESULT]: "0" };
    const { ending: end } = ending(files);
    end.begin();
    end.recordBoot(0);
    equal(files[RECORD], "0");
    end.recordIfFirst(code);
    deepEqual([files[RECORD], files[RESULT], `${end.exitCode()}`], [`${code}`, shown, shown]);
  }
});

Deno.test("a 0 that nobody has touched outranks nothing, one that a script has written does", () => {
  for (const path of [RECORD, RESULT]) {
    const files: Record<string, string> = { [RESULT]: "0" };
    const { ending: end, scriptWrites } = ending(files);
    end.begin();
    end.recordBoot(0);
    scriptWrites(path, "0");
    end.recordIfFirst(7);
    equal(end.exitCode(), 0, path);
  }
});

Deno.test("how a boot has failed is the exit code where nothing else comes of the container", () => {
  const { ending: end } = ending({ [RESULT]: "0" });
  end.begin();
  end.recordBoot(1);
  equal(end.exitCode(), 1);
  end.recordIfFirst(0);
  equal(end.exitCode(), 0);
});

Deno.test("what a script of the boot has recorded is not overwritten by how the boot ended", () => {
  const files: Record<string, string> = { [RECORD]: "5" };
  const { ending: end } = ending(files);
  end.recordBoot(0);
  equal(files[RECORD], "5");
});
