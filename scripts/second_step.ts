// What the archives that Dockerfiles of generation 2 fetch have besides all others. For an image whose /bin is a link these
// unpack twice, the second time with `-C /usr ./bin`: there must be something of that name, or the build ends.

import { pack } from "./pack.ts";

/**
 * A file, and no entry for its directory, which most programs would put in the place of the link that an image has. Its name
 * is that of no other member: busybox's tar makes no link where there is one. It is a file, as a link could not lead to the
 * same place from /bin and /usr/bin and be moved.
 */
const SECOND_STEP_FILE = "./bin/.s6-overlay";

const CONTENT = `The programs of s6-overlay are in /command and /usr/bin. This file is here so that there is something
to unpack for Dockerfiles that have \`tar -C /usr ./bin\`, which is not needed.
`;

/** Tar has its content in blocks, behind one for the header. */
const BLOCK = 512;

/** Writes a tar file with that file in front of what another one has. */
export async function addSecondStep(tar: string, to: string): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}/bin`);
    await Deno.writeTextFile(`${root}/${SECOND_STEP_FILE}`, CONTENT);
    await pack(root, [SECOND_STEP_FILE], `${root}/tar`);
    // Without the end of the archive.
    const member = (await Deno.readFile(`${root}/tar`)).subarray(0, BLOCK + Math.ceil(CONTENT.length / BLOCK) * BLOCK);
    await Deno.writeFile(to, member);
    const written = await Deno.open(to, { append: true });
    await (await Deno.open(tar)).readable.pipeTo(written.writable);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}
