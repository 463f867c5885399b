// The container's command where it is a script with the line ends of another system: a copy without them is run.

import type { ByteString } from "../../bytes.ts";
import type { ProcessImage } from "../../image/image.ts";
import { baseName, candidates } from "../../image/locate.ts";
import type { Door, Os } from "../../os/os.ts";
import { OsError, textOf } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { isElsewhere } from "./elsewhere.ts";
import { convertLineEnds, hasForeignLineEnds, MOST_CONVERTED, scriptHead } from "./line_ends.ts";
import { PATHS } from "../paths.ts";

export type CommandOs =
  & Pick<Os, "makeDirectory" | "replaceFile" | "currentDirectory" | "actualPath">
  & { readonly door: Pick<Door, "find" | "mayExecute" | "readHead" | "readWhole"> };

/**
 * The image of the command; that of a copy, if it has to be converted.
 * @throws OsError EXDEV where a child has to read it
 */
export function withLineEnds(os: CommandOs, image: ProcessImage, report: Reporter): ProcessImage {
  const path = commandFile(os, image);
  if (path === undefined || !hasForeignLineEnds(scriptHead(os, path))) return image;
  const copy = `${PATHS.userFiles}/command/${baseName(path)}`;
  try {
    os.makeDirectory(`${PATHS.userFiles}/command`, 0o755);
    convertLineEnds(os, os.door.readWhole(path, MOST_CONVERTED), copy, path, report);
    return image.run(image.argv, os.actualPath(copy)).insisting();
  } catch (error) {
    report("warning", "s6-init", textOf(error));
    return image;
  }
}

/** The file that would be executed. */
function commandFile(os: CommandOs, image: ProcessImage): ByteString | undefined {
  // By absolute paths: the working directory itself may be on another file system.
  const absolute = (path: ByteString): ByteString => path.startsWith("/") ? path : `${os.currentDirectory()}/${path}`;
  return candidates(image.argv[0]!, image.environment.get("PATH")).map(absolute).find((path) => isProgram(os, path));
}

function isProgram({ door }: CommandOs, path: ByteString): boolean {
  try {
    return door.find(path)?.kind === "file" && door.mayExecute(path);
  } catch (error) {
    if (!(error instanceof OsError) || isElsewhere(error)) throw error;
    return false;
  }
}
