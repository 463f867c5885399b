// What documents name is there: settings, subcommands of s6-overlay, and programs.

import { deepEqual, equal, ok } from "node:assert/strict";
import { subcommands } from "../../cli/operator/subcommands.ts";
import { applets } from "../../cli/index.ts";
import { unknownSettings } from "../../lib/overlay/unknown_settings.ts";
import { writtenFiles } from "../../scripts/plain_words.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const DOCUMENTS = (await writtenFiles(ROOT)).filter(({ path }) => path === "README.md" || path.startsWith("docs/"));

/** The words that fit, each with its file, in the order of files. */
function found(pattern: RegExp): (readonly [path: string, word: string])[] {
  return DOCUMENTS.flatMap(({ path, text }) =>
    Array.from(text.matchAll(pattern), ([, word]) => [path, word!] as const)
  );
}

/** A misspelt one that a page shows on purpose. */
const MISSPELT = "S6_KILL_GRACETIM";

Deno.test("every setting that a document names is one", () => {
  const named = found(/\b(S6_[A-Z0-9_]*[A-Z0-9])\b/g).filter(([, variable]) => variable !== MISSPELT);
  ok(named.length > 100);
  const wrong = named.filter(([, variable]) => [...unknownSettings([[variable, ""]])].length > 0);
  deepEqual(wrong, []);
  equal([...unknownSettings([[MISSPELT, ""]])].length, 1);
});

Deno.test("every subcommand that a document names is one", () => {
  const named = found(/(?:`|\$ |exec example |CMD \["|\[)s6-overlay(?:", "|, | )([a-z]+)/g).filter(([path]) =>
    path !== "docs/applets.md"
  );
  ok(named.length > 50);
  deepEqual(named.filter(([, name]) => !Object.hasOwn(subcommands, name)), []);
});

/** What others have, or what is no program. */
const OTHERS =
  /^s6-(?:linux-(?:init|utils)|portable-utils|rc-compile-.*|overlay-[A-Za-z0-9]+(?:-installer)?|init|dns|networking|sudo)$/;

Deno.test("every program that a page of the manual names is one", () => {
  const named = found(/`(s6-[a-z0-9-]+)[ `]/g).filter(([path]) => !/differences|messages/.test(path));
  ok(named.length > 100);
  deepEqual(named.filter(([, name]) => !Object.hasOwn(applets, name) && !OTHERS.test(name)), []);
  equal(Object.hasOwn(applets, "s6-svc"), true);
});

Deno.test("every source file and folder that a page for developers names is there", async () => {
  const pages = (await writtenFiles(ROOT)).filter(({ path }) => /^\.github\/[^/]+\.md$/.test(path));
  const { stdout } = await new Deno.Command("git", { args: ["ls-files"], cwd: ROOT }).output();
  const files = new TextDecoder().decode(stdout).split("\n");
  const isThere = (name: string): boolean =>
    files.some((file) =>
      file === name || file.endsWith(`/${name}`) || name.endsWith("/") && `/${file}`.includes(`/${name}`)
    );
  const named = pages.flatMap(({ path, text }) =>
    Array.from(text.matchAll(/`([\w./-]+(?:\.(?:ts|c|h)|\/))`/g), ([, name]) => [path, name!] as const)
  );
  ok(named.length > 80);
  deepEqual(named.filter(([, name]) => !isThere(name) && !name.startsWith("/") && !name.startsWith("dist/")), []);
});
